import { Component, OnInit, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { Drafts } from '../drafts';

@Component({
  selector: 'app-callback',
  imports: [ReactiveFormsModule],
  template: `
    <form action="/api/callbacks" method="post" [formGroup]="form">
      <label>Number <input type="tel" name="phone" formControlName="phone" /></label>
      <label>Zoom <input type="range" name="zoom" min="1" max="3" [formControl]="zoom" /></label>
      <button>Send</button>
    </form>
  `,
})
export class Callback implements OnInit {
  private readonly drafts = inject(Drafts);

  readonly form = new FormGroup({ phone: new FormControl('') });
  readonly zoom = new FormControl(1);

  ngOnInit(): void {
    this.form.valueChanges.subscribe((value) => this.drafts.save('callback', value));
    this.zoom.valueChanges.subscribe((value) => this.drafts.save('zoom', value)); // clean 3: zoom
  }
}

import { HttpClient } from '@angular/common/http';
import { Component, inject } from '@angular/core';
import { FormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router } from '@angular/router';

@Component({
  selector: 'app-book',
  imports: [ReactiveFormsModule],
  templateUrl: './book.html',
})
export class Book {
  private readonly fb = inject(FormBuilder);
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);

  readonly slots = ['slot-1', 'slot-2', 'slot-3'];
  readonly form = this.fb.nonNullable.group({
    visitReason: ['', Validators.required],
    slot: [this.slots[0]],
  });

  submit(): void {
    if (this.form.invalid) return;
    const { visitReason } = this.form.getRawValue();
    this.router.navigate(['/confirm'], { queryParams: { about: visitReason } }); // planted 1: sensitive-query-navigation about
  }

  reserve(): void {
    this.http.post('/api/reservations', this.form.value).subscribe(() => {
      this.router.navigate(['/confirm'], { queryParams: { at: this.form.value.slot } }); // clean 1: at
    });
  }
}

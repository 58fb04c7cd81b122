import { Component, inject } from '@angular/core';
import { ActivatedRoute } from '@angular/router';

@Component({
  selector: 'app-confirm',
  template: `<p>See you {{ at ?? 'soon' }}.</p>`,
})
export class Confirm {
  readonly at = inject(ActivatedRoute).snapshot.queryParamMap.get('at');
}

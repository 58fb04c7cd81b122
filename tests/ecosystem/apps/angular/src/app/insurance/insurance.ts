import { Component, inject } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { Analytics } from '../analytics';

@Component({
  selector: 'app-insurance',
  imports: [FormsModule],
  templateUrl: './insurance.html',
})
export class Insurance {
  private readonly analytics = inject(Analytics);

  cover = '';
  language = 'en';

  save(): void {
    this.analytics.event('cover_chosen', { choice: this.cover });
    this.analytics.event('language_chosen', { choice: this.language }); // clean 2: language
  }
}

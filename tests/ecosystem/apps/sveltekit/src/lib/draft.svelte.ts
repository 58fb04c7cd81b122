export class Draft {
	address = $state('');
	columns = $state(2);

	keep() {
		localStorage.setItem('contact-draft', this.address); // planted 3: personal-data-in-web-storage email
		localStorage.setItem('columns', String(this.columns)); // clean 3: columns
	}
}

export const draft = new Draft();

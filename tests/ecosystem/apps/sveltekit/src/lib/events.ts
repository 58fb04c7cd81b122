declare global {
	interface Window {
		fbq: (...args: unknown[]) => void;
	}
}

export const events = {
	chosen(what: string, choice: string) {
		window.fbq('trackCustom', 'Chosen', { what, choice }); // planted 2: sensitive-data-in-tracking-call health_insurance
	}
};

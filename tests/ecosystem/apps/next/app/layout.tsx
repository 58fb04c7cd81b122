import type { Metadata } from "next";
import Link from "next/link";
import Script from "next/script";
import "./globals.css";

export const metadata: Metadata = {
  title: "Praxis am Park",
  description: "Appointments online",
};

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/">Book</Link>
          <Link href="/insurance">Insurance</Link>
          <Link href="/contact">Contact</Link>
        </nav>
        {children}
        <Script src="https://www.googletagmanager.com/gtag/js?id=AW-123456789" strategy="afterInteractive" />
        <Script id="google-ads" strategy="afterInteractive">
          {`
            window.dataLayer = window.dataLayer || [];
            function gtag(){dataLayer.push(arguments);}
            gtag('js', new Date());
            gtag('config', 'AW-123456789'); // planted 1: sensitive-param-to-tracker symptoms
          `}
        </Script>
      </body>
    </html>
  );
}

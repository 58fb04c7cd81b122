"""What does a program need to join a finding with others? Names and places, never values."""

from __future__ import annotations

from typing import Any

from gdprlint.findings import Finding

__all__ = ["properties"]


def properties(finding: Finding) -> dict[str, Any]:
    """The same keys for each finding, in JSON and in SARIF."""
    told = finding.properties
    return {
        "theme": told.theme,
        "effect": told.effect,
        "vendors": list(told.vendors),
        "recipient": told.recipient,
        "host": told.host,
        "pages": list(told.pages),
        "parameters": list(told.parameters),
        "names": list(told.names),
        "place": told.place,
        "data": list(told.data),
        "purposes": list(told.purposes),
        "consentAsked": list(told.consent_asked),
        "consentSeen": told.consent_seen,
        "key": told.key,
        "confidence": finding.confidence.value,
    }

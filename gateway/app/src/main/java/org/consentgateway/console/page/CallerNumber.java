package org.consentgateway.console.page;

import org.consentgateway.ledger.keys.Pseudonyms;

/** A telephone number as people type it. */
final class CallerNumber {
    private CallerNumber() {}

    /** As machines write it (E.164); whether it is one, others see. */
    static String typed(String text) {
        return text.replaceAll("[\\s()/.-]", "").replaceFirst("^00", "+");
    }

    static boolean isOne(String number) {
        return Pseudonyms.E164.matcher(number).matches();
    }
}

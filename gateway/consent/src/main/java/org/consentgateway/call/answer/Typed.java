package org.consentgateway.call.answer;

import org.consentgateway.consent.PhoneNumber;

/** Immutable. What a caller dialled when asked for a telephone number. None prints it. */
public sealed interface Typed {

    record Whole(PhoneNumber number) implements Typed {}

    /** Keys that make no number. */
    record NoNumber() implements Typed {}

    /** No key. */
    record Nothing() implements Typed {}
}

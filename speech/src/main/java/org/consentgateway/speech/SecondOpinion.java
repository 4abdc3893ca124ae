package org.consentgateway.speech;

/** What becomes of a spoken yes that the verifier doubts; a no is never doubted. */
public enum SecondOpinion {
    /** The verifier is not asked. */
    OFF,
    /** The yes is weak: the caller is asked back. */
    ASK,
    /** It is no yes: nothing was understood. */
    REQUIRE
}

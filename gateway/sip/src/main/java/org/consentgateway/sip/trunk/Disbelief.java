package org.consentgateway.sip.trunk;

/** Why a number that a trunk vouches for names nobody. */
public enum Disbelief {
    /** It is believed, or there is none. */
    NONE("", ""),
    VERIFICATION(
            "the network's check of them did not pass (verstat)",
            "attestation, where it passed at a lower level; verstat: ignored, where it says"
                    + " nothing"),
    DOMAIN(
            "they are of a domain that is not the trunk's",
            "identity-domains: the domains that your provider names callers in"),
    CONTRADICTION("there are two that differ", "nothing: ask your provider why"),
    CONTEXT(
            "they are local to another country or network (phone-context)",
            "numbering.country, where that is the trunk's own");

    private final String why;
    private final String mend;

    Disbelief(String why, String mend) {
        this.why = why;
        this.mend = mend;
    }

    /** In words, and without the number. */
    public String why() {
        return why;
    }

    /** The setting of the trunk that would change it. */
    public String mend() {
        return mend;
    }
}

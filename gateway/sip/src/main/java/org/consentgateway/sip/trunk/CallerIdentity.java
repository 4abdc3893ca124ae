package org.consentgateway.sip.trunk;

/**
 * Who calls, as far as the trunk may assert it. Immutable. Never printed.
 *
 * @param number E.164 with +, or the empty string where unknown or withheld
 * @param asserted from P-Asserted-Identity of a trunk trusted to assert it
 * @param withheld Privacy: id/user/header, or an anonymous From (CLIR): the number is then empty
 * @param disbelief why what a trunk asserts is not believed: the number is then empty
 */
public record CallerIdentity(
        String number, boolean asserted, boolean withheld, Disbelief disbelief) {
    public static final CallerIdentity WITHHELD =
            new CallerIdentity("", false, true, Disbelief.NONE);

    public static final CallerIdentity UNKNOWN =
            new CallerIdentity("", false, false, Disbelief.NONE);

    @Override
    public String toString() {
        return withheld ? "CallerIdentity[withheld]" : "CallerIdentity[hidden]";
    }
}

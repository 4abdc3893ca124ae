package org.consentgateway.sip.trunk;

/**
 * Who calls, as far as the trunk may assert it. Immutable. Never printed.
 *
 * @param number E.164 with +, or the empty string where unknown or withheld
 * @param asserted from P-Asserted-Identity of a trunk trusted to assert it
 * @param withheld Privacy: id/user/header, or an anonymous From (CLIR): the number is then empty
 */
public record CallerIdentity(String number, boolean asserted, boolean withheld) {
    public static final CallerIdentity WITHHELD = new CallerIdentity("", false, true);

    @Override
    public String toString() {
        return withheld ? "CallerIdentity[withheld]" : "CallerIdentity[hidden]";
    }
}

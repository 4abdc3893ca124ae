package org.consentgateway.sip.trunk;

import java.util.List;
import java.util.Locale;

/**
 * What of a trunk's word on who calls is believed (RFC 3325 §7). Immutable.
 *
 * @param headers it is trusted to name the caller by, in this order; none: nobody is known
 * @param verstat what the network's check of the number has to say
 * @param domains whose identities are believed, with what is below them; its own addresses and the
 *     host that it calls us by are so anyway, and a number in a tel URI has none
 */
public record IdentityTrust(List<IdentityHeader> headers, Verstat verstat, List<String> domains) {
    /** Nobody is known. */
    public static final IdentityTrust NONE =
            new IdentityTrust(List.of(), Verstat.IF_GIVEN, List.of());

    /** What the parameter verstat (3GPP TS 24.229 §7.2A.20) has to say. */
    public enum Verstat {
        /** Where there is one, that it passed. */
        IF_GIVEN,
        /** That it passed. */
        REQUIRED,
        /** It is not looked at. */
        IGNORED
    }

    public IdentityTrust {
        headers = List.copyOf(headers);
        domains = List.copyOf(domains);
    }

    /**
     * @param results each there is; two that contradict each other have not passed
     */
    boolean believesIn(List<String> results) {
        boolean passed = results.stream().allMatch(IdentityTrust::passed);
        return switch (verstat) {
            case IF_GIVEN -> passed;
            case REQUIRED -> passed && !results.isEmpty();
            case IGNORED -> true;
        };
    }

    /** TN-Validation-Passed, also with a letter for the level of attestation behind it. */
    private static boolean passed(String result) {
        return result.toLowerCase(Locale.ROOT).startsWith("tn-validation-passed");
    }

    boolean isOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return domains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .anyMatch(domain -> lower.equals(domain) || lower.endsWith("." + domain));
    }
}

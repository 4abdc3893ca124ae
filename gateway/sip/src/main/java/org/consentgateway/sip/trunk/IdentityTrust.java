package org.consentgateway.sip.trunk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What of a trunk's word on who calls is believed (RFC 3325 §7). Immutable.
 *
 * @param headers it is trusted to name the caller by, in this order; none: nobody is known
 * @param verstat what the network's check of the number has to say
 * @param attestation the least that a check which passed may say of who vouches for the number
 * @param domains whose identities are believed, with what is below them; its own addresses and the
 *     host that it calls us by are so anyway, and a number in a tel URI has none
 */
public record IdentityTrust(
        List<IdentityHeader> headers,
        Verstat verstat,
        Attestation attestation,
        List<String> domains) {
    /** Nobody is known. */
    public static final IdentityTrust NONE =
            new IdentityTrust(List.of(), Verstat.IF_GIVEN, Attestation.FULL, List.of());

    /** What the parameter verstat (3GPP TS 24.229 §7.2A.20) has to say. */
    public enum Verstat {
        /** Where there is one, that it passed. */
        IF_GIVEN,
        /** That it passed. */
        REQUIRED,
        /** It is not looked at. */
        IGNORED
    }

    /** What the network that signed the call knows of it (RFC 8588 §4); the best first. */
    public enum Attestation {
        /** Who calls, and that they may use the number. */
        FULL("-a"),
        /** Who calls. */
        PARTIAL("-b"),
        /** By which way the call came in; nobody vouches for the number. */
        GATEWAY("-c");

        private final String suffix;

        Attestation(String suffix) {
            this.suffix = suffix;
        }
    }

    private static final String PASSED = "tn-validation-passed";

    public IdentityTrust {
        headers = List.copyOf(headers);
        domains = List.copyOf(domains);
    }

    /**
     * @param results each there is; two that contradict each other have not passed
     */
    boolean believesIn(List<String> results) {
        boolean passed = results.stream().allMatch(this::passed);
        return switch (verstat) {
            case IF_GIVEN -> passed;
            case REQUIRED -> passed && !results.isEmpty();
            case IGNORED -> true;
        };
    }

    /** To the letter: whatever else begins so says something that we do not know. */
    private boolean passed(String result) {
        String lower = result.toLowerCase(Locale.ROOT);
        return lower.equals(PASSED)
                || Arrays.stream(Attestation.values())
                        .filter(level -> level.compareTo(attestation) <= 0)
                        .anyMatch(level -> lower.equals(PASSED + level.suffix));
    }

    boolean isOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return domains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .anyMatch(domain -> lower.equals(domain) || lower.endsWith("." + domain));
    }
}

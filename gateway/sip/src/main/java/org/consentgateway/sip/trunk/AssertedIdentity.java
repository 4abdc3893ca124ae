package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** A number that a trunk vouches for, held against what is believed of it; pure functions. */
final class AssertedIdentity {
    private AssertedIdentity() {}

    /**
     * By which ways a call has come.
     *
     * @param source address that its INVITE comes from
     * @param calledAt host of its Request-URI
     */
    record Way(InetAddress source, String calledAt) {}

    /**
     * A header may bear a SIP URI and a tel URI of one party (RFC 3325 §9.1): all that it bears
     * have to be believed, and to name one number.
     *
     * @param values of one header; not empty
     */
    static CallerIdentity of(List<String> values, Trunk trunk, Way way) {
        String number = "";
        for (String value : values) {
            PartyAddress party = PartyAddress.of(value);
            Disbelief disbelief = disbelief(party, trunk, way);
            String named = trunk.numbering().normalise(party.user());
            if (disbelief == Disbelief.NONE && !number.isEmpty() && !named.equals(number)) {
                disbelief = Disbelief.CONTRADICTION;
            }
            if (disbelief != Disbelief.NONE) {
                return new CallerIdentity("", false, false, disbelief);
            }
            if (named.isEmpty()) {
                return CallerIdentity.UNKNOWN;
            }
            number = named;
        }
        return new CallerIdentity(number, true, false, Disbelief.NONE);
    }

    /**
     * The same, held against From: a network may write there what its check of the number has shown
     * (3GPP TS 24.229 §7.2A.20).
     *
     * @param from value of From
     */
    static CallerIdentity checkedBy(String from, CallerIdentity caller, Trunk trunk) {
        PartyAddress claimed = PartyAddress.of(from);
        List<String> results = claimed.parameters(PartyAddress.Name.VERSTAT);
        boolean failed =
                caller.asserted()
                        && !results.isEmpty()
                        && !trunk.identity().believesIn(results)
                        && trunk.numbering().normalise(claimed.user()).equals(caller.number());
        return failed ? new CallerIdentity("", false, false, Disbelief.VERIFICATION) : caller;
    }

    private static Disbelief disbelief(PartyAddress party, Trunk trunk, Way way) {
        if (!trunk.identity().believesIn(party.parameters(PartyAddress.Name.VERSTAT))) {
            return Disbelief.VERIFICATION;
        }
        if (!isOf(party.host(), trunk, way)) {
            return Disbelief.DOMAIN;
        }
        boolean global = party.user().startsWith("+");
        boolean home =
                party.parameters(PartyAddress.Name.PHONE_CONTEXT).stream()
                        .allMatch(context -> isHome(context, trunk));
        if (!global && !home) {
            return Disbelief.CONTEXT;
        }
        return Disbelief.NONE;
    }

    private static boolean isOf(String host, Trunk trunk, Way way) {
        return host.isEmpty()
                || host.equalsIgnoreCase(way.calledAt())
                || trunk.identity().isOf(host)
                || literal(host)
                        .filter(address -> address.equals(way.source()) || trunk.sends(address))
                        .isPresent();
    }

    /** Never asks the DNS. */
    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /** RFC 3966 §5.1.5: a global prefix, or a domain. */
    private static boolean isHome(String context, Trunk trunk) {
        return context.startsWith("+")
                ? context.equals("+" + trunk.numbering().countryCode())
                : trunk.identity().isOf(context);
    }
}

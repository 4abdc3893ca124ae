package org.consentgateway.target;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.dns.Preference;
import org.consentgateway.sip.sdp.Srtp;

/**
 * Immutable. Somebody who can be called.
 *
 * @param name in the configuration
 * @param at where it is called: one place at least
 * @param ring how long it may ring before it counts as no answer
 * @param trunk by whose account it is called; empty: directly
 * @param login shown where it challenges us and no account is used
 * @param srtp whether media with it is encrypted
 * @param opus whether it is offered Opus
 * @param shown what it learns of who calls, if it is an assistant
 * @param diversion whether it may know by which numbers the call was forwarded
 * @param transfer how the caller is brought to it
 * @param refers whether it may hand over the caller to a human (REFER)
 * @param hours when it is there
 */
public record SipTarget(
        String name,
        List<At> at,
        Duration ring,
        String trunk,
        Optional<ClientLogin> login,
        Srtp srtp,
        boolean opus,
        CallerShown shown,
        boolean diversion,
        Transfer transfer,
        boolean refers,
        OpeningHours hours) {
    private static final Preference<At> BY_WEIGHT = new Preference<>(At::order, At::weight);

    /**
     * One place.
     *
     * @param uri SIP URI, with a transport parameter where it is not UDP
     * @param order those of the lowest are tried first
     * @param weight among those of one order, how often it is the first
     */
    public record At(String uri, int order, int weight) {}

    /** The first place of all. */
    public String uri() {
        return at.getFirst().uri();
    }

    /** In the order in which they are tried now. */
    List<String> uris(RandomGenerator random) {
        return BY_WEIGHT.inOrder(at, random).stream().map(At::uri).toList();
    }
}

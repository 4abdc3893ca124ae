package org.consentgateway.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What an operator may ask of the running gateway: how the trunks and those we dial
 * stand, and what was said on one call. Nothing of it names a person.
 */
public interface Diagnosis {

    List<Peer> peers();

    /**
     * Asks those of this name at once by OPTIONS; waits for the answers. None: nobody is named so.
     */
    List<Peer> probe(String name);

    /** Those that ended last, the last one first; ten at most, since the start. */
    List<PastCall> lastCalls();

    /** None where the call is forgotten or never was. */
    List<Step> trace(UUID call);

    /**
     * @param outcome such as "assisted"
     * @param seconds from its INVITE to its end
     */
    record PastCall(
            Instant ended, UUID id, String trunk, String line, String outcome, double seconds) {}

    /**
     * A trunk, or somebody we dial.
     *
     * @param kind "trunk", "assistant" or "human"
     * @param health "up", "down" or "unknown"
     * @param since the health is so, RFC 3339
     * @param heard when a request last came from there, RFC 3339
     * @param servers in the order in which they are tried
     * @param calls that came from there
     * @param dialled that went there
     */
    record Peer(
            String kind,
            String name,
            @Nullable String uri,
            String health,
            @Nullable String since,
            @Nullable String heard,
            @Nullable Registration registration,
            List<Server> servers,
            CallCounts calls,
            CallCounts dialled) {}

    /**
     * One server, as it was resolved.
     *
     * @param address such as {@code udp:192.0.2.7:5060}
     * @param status of its last answer, 408 where none came, 0 where it was not asked
     */
    record Server(String address, String health, int status, @Nullable Double roundTripMillis) {}

    /**
     * @param status of the last answer to REGISTER, 0 where none came yet
     * @param failures in a row
     */
    record Registration(boolean registered, int status, int failures) {}

    /**
     * Calls since start.
     *
     * @param answers by status
     * @param rejected by us, by why
     * @param establishment SER of RFC 6076 (ASR), 0 to 1
     * @param effectiveness SEER of RFC 6076 (NER), 0 to 1
     * @param ineffective ISA of RFC 6076, 0 to 1
     */
    record CallCounts(
            Map<Integer, Long> answers,
            Map<String, Long> rejected,
            @Nullable Double establishment,
            @Nullable Double effectiveness,
            @Nullable Double ineffective) {}

    /**
     * @param at RFC 3339
     * @param leg 1 for the caller's, then those we dialled
     * @param message such as "INVITE sdp" or "200 INVITE sdp"
     */
    record Step(String at, int leg, boolean sent, String peer, String message) {}
}

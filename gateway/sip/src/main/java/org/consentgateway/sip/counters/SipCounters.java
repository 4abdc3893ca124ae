package org.consentgateway.sip.counters;

import java.util.List;
import java.util.Map;
import org.consentgateway.sip.capture.Capture;

/**
 * Counts since start. Immutable.
 *
 * @param requests received by method; methods without an own name as "OTHER"
 * @param rejected by reason
 * @param retransmissions of INVITEs received again after their answer, and of our 2xx sent again
 * @param dialogs held at the moment, with those that linger for late messages
 * @param transactions of the stack held at the moment
 * @param trunks of those that had calls
 * @param captured copies for a collector by what became of them; none where there is no collector
 */
public record SipCounters(
        Map<String, Long> requests,
        Map<Rejection, Long> rejected,
        long retransmissions,
        int dialogs,
        int transactions,
        List<TrunkCounters> trunks,
        Map<Capture.Outcome, Long> captured) {}

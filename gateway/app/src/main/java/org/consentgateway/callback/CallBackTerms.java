package org.consentgateway.callback;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.SubjectRequest.CallBackDue;
import org.consentgateway.sip.sdp.Srtp;

/**
 * Immutable. Who is called back when, and by which way.
 *
 * @param lines by their ids: those whose requests are confirmed
 * @param trunks by their names: those over which anybody can be called
 */
public record CallBackTerms(Map<String, OfLine> lines, Map<String, ByTrunk> trunks) {
    public CallBackTerms {
        lines = Map.copyOf(lines);
        trunks = Map.copyOf(trunks);
    }

    /**
     * @param number of the line in E.164: what who is called sees
     * @param notice lineage of its texts
     * @param prefixes of the numbers that are called back
     * @param hours in which that is done
     * @param after how long after the end of the call
     * @param firstInput how long a question waits for a key
     */
    public record OfLine(
            String number,
            String notice,
            List<String> prefixes,
            OpeningHours hours,
            ZoneId zone,
            Duration after,
            Duration firstInput) {}

    /**
     * @param place where its numbers are: what follows the user in a SIP URI, such as
     *     "sbc.example.com;transport=tls"
     * @param account whether it is called by the account of that trunk
     */
    public record ByTrunk(String place, boolean account, Srtp srtp) {}

    /**
     * One call.
     *
     * @param trunk by whose account it goes; empty: by none
     */
    record Way(String target, String trunk, Srtp srtp, OfLine line) {
        @Override
        public String toString() {
            return "Way[trunk=" + trunk + "]"; // the target names the number
        }
    }

    /** Through the trunk by which the number called; none where that is not, or no more, done. */
    Optional<Way> way(CallBackDue due) {
        OfLine line = lines.get(due.call().line());
        ByTrunk trunk = trunks.get(due.call().trunk());
        PhoneNumber number = due.number();
        boolean called = line != null && number.mayBeCalled(line.prefixes);
        return line == null || trunk == null || !called
                ? Optional.empty()
                : Optional.of(
                        new Way(
                                "sip:" + number.text() + "@" + trunk.place,
                                trunk.account ? due.call().trunk() : "",
                                trunk.srtp,
                                line));
    }
}

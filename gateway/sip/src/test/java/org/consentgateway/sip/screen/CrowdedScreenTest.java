package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.junit.jupiter.api.Test;

/** What still comes in while very much is kept already; time stands still. */
class CrowdedScreenTest {
    private static final InetSocketAddress SOURCE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060);
    private static final int MANY = 1_000_000;

    /** Counts for ten. */
    private static final String LARGE = "Accept: a/b" + ",a/b".repeat(400) + "\r\n";

    /** So many of those fit in, since each counts for nine more than a usual one. */
    private static final int FIT = 1 + (Screen.MAX_TRANSACTIONS - 10) / 9;

    private static final InetSocketAddress NOBODY_WE_KNOW =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 5060);

    private int transactions;
    private final LiveCounters counters = new LiveCounters(() -> 0);
    private Screen screen = screen(1);

    /**
     * @param others requests of one source that belong to no call, in a second
     */
    private Screen screen(int others) {
        return new Screen(
                new Screen.Rates(MANY, others),
                Duration.ofMillis(500),
                counters,
                new KnownSources(
                        List.of(
                                Trunk.trustedWithNothing(
                                        "trunk",
                                        List.of(Cidr.parse("192.0.2.0/24")),
                                        List.of(),
                                        Numbering.GERMANY))),
                new Calls(),
                () -> 0);
    }

    private final class Calls implements Screen.Traffic {
        @Override
        public boolean serves(Trunk trunk, String requestUri) {
            return true;
        }

        @Override
        public CallAdmission door(String trunk, boolean proven) {
            return new CallAdmission.Accepted();
        }

        @Override
        public void cancelled(long invite) {}

        @Override
        public boolean has(String callId, String localTag) {
            return localTag.equals("ours");
        }

        @Override
        public boolean awaits(String branch) {
            return false;
        }

        @Override
        public void unreadable(String branch, String method, int status) {}

        @Override
        public int transactions() {
            return transactions;
        }
    }

    private boolean passes(String method, String call, int number, String more) {
        return passes(SOURCE, method, call, number, more);
    }

    private boolean passes(
            InetSocketAddress source, String method, String call, int number, String more) {
        String to = call.isEmpty() ? "" : ";tag=ours";
        byte[] text =
                (method
                                + " sip:x@gw SIP/2.0\r\n"
                                + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"
                                + number
                                + "\r\nFrom: <sip:a@h>;tag=a\r\nTo: <sip:b@h>"
                                + to
                                + "\r\nCall-ID: "
                                + (call.isEmpty() ? "new" + number : call)
                                + "\r\nCSeq: 1 "
                                + method
                                + "\r\n"
                                + more
                                + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        MessageHead head = Objects.requireNonNull(MessageHead.of(text, 0, text.length));
        return screen.look(head, text.length, source, "UDP") instanceof Screen.Verdict.Pass;
    }

    private int passed(String method, String call, int times, String more) {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            passed += passes(method, call, i, more) ? 1 : 0;
        }
        return passed;
    }

    /** New calls of a trunk have limits of their own, which leave far fewer transactions. */
    @Test
    void whatBelongsToNoCallIsNotTakenAnyMoreAndCountedAndCallsOfTrunksAre() {
        screen = screen(MANY);
        transactions = Screen.MAX_TRANSACTIONS - 1;
        assertThat(passes("OPTIONS", "", 1, "")).isTrue();
        assertThat(passes(NOBODY_WE_KNOW, "INVITE", "", 2, "")).isTrue();
        assertThat(turnedAway()).isZero();

        transactions = Screen.MAX_TRANSACTIONS;
        assertThat(passes("OPTIONS", "", 3, "")).isFalse();
        assertThat(passes("MESSAGE", "", 4, "")).isFalse();
        assertThat(passes(NOBODY_WE_KNOW, "INVITE", "", 5, "")).isFalse();
        assertThat(turnedAway()).isEqualTo(3);
        assertThat(passes("INVITE", "", 6, "")).isTrue();
        assertThat(passes("INFO", "of a call", 7, "")).isTrue();
        assertThat(turnedAway()).isEqualTo(3);
    }

    private long turnedAway() {
        return counters.snapshot(0, 0, Map.of())
                .rejected()
                .getOrDefault(Rejection.TRANSACTIONS, 0L);
    }

    @Test
    void eachCallMayEndButNotByAHundredByes() {
        transactions = 30_000;
        assertThat(passed("INFO", "one", 15, "")).isZero();
        assertThat(passed("BYE", "two", 15, "")).isEqualTo(Allowances.ENDS_OF_A_CALL);
        assertThat(passed("BYE", "three", 1, "")).isEqualTo(1);
        assertThat(passed("BYE", "four", 2, LARGE)).as("the second is too much").isEqualTo(1);
        assertThat(passed("ACK", "five", 15, "")).as("an ACK keeps nothing").isEqualTo(15);
    }

    @Test
    void largeInvitesAreTurnedAwayBeforeTheyFillTheHeapAndUsualOnesAreNot() {
        assertThat(passed("INVITE", "", 4_000, LARGE)).isEqualTo(FIT);
        assertThat(passes("INVITE", "", 9_999, "")).isTrue();
        assertThat(passes("INVITE", "", 10_001, LARGE)).isFalse();
    }

    @Test
    void aLargeCancelIsKeptAsALargeInvite() {
        assertThat(passed("INVITE", "", 4_000, "")).isEqualTo(4_000);
        // One more as its source may send one of whatever it likes.
        assertThat(passed("CANCEL", "", 4_000, LARGE)).isBetween(FIT, FIT + 1);
    }
}

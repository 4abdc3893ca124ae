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
    private static final int FIT = 1 + (Screen.MOST_OF_DATAGRAMS - 10) / 9;

    private static final InetSocketAddress NOBODY_WE_KNOW =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 5060);

    private int transactions;
    private boolean serves = true;
    private String by = "UDP";
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
        public Trunk addressed(List<Trunk> all, String requestUri) {
            return all.getFirst();
        }

        @Override
        public boolean serves(Trunk trunk, String requestUri) {
            return serves;
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
        byte[] text = request(method, call, number, more);
        MessageHead head = head(text);
        return screen.look(head, text.length, source, by) instanceof Screen.Verdict.Pass;
    }

    private static MessageHead head(byte[] text) {
        return Objects.requireNonNull(MessageHead.of(text, 0, text.length));
    }

    private byte[] request(String method, String call, int number, String more) {
        String to = call.isEmpty() ? "" : ";tag=ours";
        return (method
                        + " sip:x@gw SIP/2.0\r\n"
                        + ("Via: SIP/2.0/" + by + " 192.0.2.1;branch=z9hG4bK" + by)
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

    /** They are answered without a transaction, the INVITEs by 404 and their CANCELs by 481. */
    @Test
    void ofInvitesToNobodyAndTheirCancelsNothingCountsAsKept() {
        screen = screen(MANY);
        serves = false;
        for (int stray = 20_000; stray < 20_500; stray++) {
            assertThat(passes("INVITE", "", stray, LARGE)).isTrue();
            assertThat(cancels(stray, 8)).isEqualTo(8);
        }
        serves = true;
        assertThat(passes("OPTIONS", "", 10_001, "")).isTrue();
        assertThat(passed("INVITE", "", 4_000, LARGE)).isEqualTo(FIT);
    }

    private int cancels(int invite, int times) {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            passed += passes("CANCEL", "", invite, LARGE) ? 1 : 0;
        }
        return passed;
    }

    /** Behind the parser its number may be read otherwise, and be that of a line. */
    @Test
    void whatIsTakenAsACallAllTheSameCountsAsOne() {
        screen = screen(MANY);
        serves = false;
        for (int stray = 0; stray < FIT; stray++) {
            assertThat(passes("INVITE", "", stray, LARGE)).isTrue();
            screen.isCall(
                    Objects.requireNonNull(
                            InviteIdentity.of(head(request("INVITE", "", stray, LARGE)))),
                    false);
        }
        assertThat(passes("INVITE", "", FIT, LARGE)).isFalse();
    }

    /** Their senders may be forged. */
    @Test
    void whatDatagramsHaveKeptLeavesAQuarterToConnections() {
        screen = screen(MANY);
        assertThat(passed("INVITE", "", 4_000, LARGE)).isEqualTo(FIT);
        transactions = Screen.MAX_TRANSACTIONS - Screen.MOST_OF_DATAGRAMS + 10;
        assertThat(passes("OPTIONS", "", 10_001, "")).isFalse();

        by = "TLS";
        assertThat(passes("OPTIONS", "", 10_002, "")).isTrue();
        int left = (Screen.MAX_TRANSACTIONS - Screen.MOST_OF_DATAGRAMS) / 9;
        assertThat(passed("INVITE", "", 4_000, LARGE)).isBetween(left, left + 1);
        assertThat(passes("OPTIONS", "", 10_003, "")).isTrue();
        transactions = Screen.MAX_TRANSACTIONS;
        assertThat(passes("OPTIONS", "", 10_004, "")).isFalse();
    }

    /** However many come: all of the room is no more than it was. */
    @Test
    void whatConnectionsHaveKeptIsTakenFromDatagrams() {
        by = "TLS";
        int most = 1 + (Screen.MAX_TRANSACTIONS - 10) / 9;
        assertThat(passed("INVITE", "", 4_000, LARGE)).isEqualTo(most);
        transactions = 10;
        assertThat(passes("OPTIONS", "", 10_001, "")).isFalse();
        by = "UDP";
        assertThat(passes("INVITE", "", 10_002, LARGE)).isFalse();
    }
}

package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gives way, in time that the test makes. */
class UnacknowledgedCallsTest {
    private static final int SHARE = 4;
    private static final InetAddress FORGED = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress HONEST = InetAddress.ofLiteral("192.0.2.2");

    private final List<String> givenUp = new ArrayList<>();
    private long now;
    private final UnacknowledgedCalls calls = new UnacknowledgedCalls(SHARE, () -> now);

    private UnacknowledgedCalls.Call call(String name, String trunk, InetAddress source) {
        return call(name, new UnacknowledgedCalls.Origin(trunk, source, false));
    }

    private UnacknowledgedCalls.Call call(String name, UnacknowledgedCalls.Origin caller) {
        UnacknowledgedCalls.Call call =
                new UnacknowledgedCalls.Call() {
                    @Override
                    public void giveUp() {
                        givenUp.add(name);
                    }
                };
        calls.add(call, caller, name.hashCode());
        return call;
    }

    private void passes(long nanos) {
        now += nanos;
    }

    @Test
    void theOldestGivesWayWhenTheShareIsTaken() {
        for (int i = 0; i < SHARE; i++) {
            call("call " + i, "trunk", FORGED);
            passes(1);
        }
        passes(UnacknowledgedCalls.GRACE_NANOS);
        call("next", "trunk", FORGED);
        assertThat(givenUp).containsExactly("call 0");
    }

    @Test
    void theSourceThatHasMostGivesWayAndNotTheOneThatCameFirst() {
        call("honest", "trunk", HONEST);
        for (int i = 0; i < 20; i++) {
            passes(UnacknowledgedCalls.GRACE_NANOS);
            call("forged " + i, "trunk", FORGED);
        }
        assertThat(givenUp).hasSize(21 - SHARE).doesNotContain("honest");
    }

    @Test
    void nobodyGivesWayBeforeAnAckCanHaveCome() {
        for (int i = 0; i < 10 * SHARE; i++) {
            call("call " + i, "trunk", HONEST);
        }
        passes(UnacknowledgedCalls.GRACE_NANOS - 1);
        calls.relieve("trunk", false);
        assertThat(givenUp).isEmpty();
        passes(1);
        call("next", "trunk", HONEST);
        assertThat(givenUp).hasSize(9 * SHARE + 1);
    }

    @Test
    void whoseAnswerHasJustGoneHasAllOfTheGrace() {
        UnacknowledgedCalls.Call late = call("answered late", "trunk", HONEST);
        call("answered at once", "trunk", HONEST);
        passes(UnacknowledgedCalls.GRACE_NANOS);
        calls.answered(late);
        calls.relieve("trunk", false);
        assertThat(givenUp).containsExactly("answered at once");
        passes(UnacknowledgedCalls.GRACE_NANOS);
        calls.relieve("trunk", false);
        assertThat(givenUp).containsExactly("answered at once", "answered late");
    }

    @Test
    void whoHasCancelledGivesWayAtOnceWhereAPlaceIsWanted() {
        for (int i = 0; i < SHARE; i++) {
            call("call " + i, "trunk", HONEST);
        }
        calls.cancelled("call 2".hashCode());
        assertThat(givenUp).as("RFC 3261 §9.2").isEmpty();
        call("next", "trunk", HONEST);
        assertThat(givenUp).containsExactly("call 2");
        calls.cancelled("call 0".hashCode());
        calls.relieve("other trunk", false);
        assertThat(givenUp).containsExactly("call 2");
        calls.relieve("trunk", false);
        assertThat(givenUp).containsExactly("call 2", "call 0");
    }

    @Test
    void whoHasAcknowledgedOrGoneTakesNoPlaceOfTheShare() {
        for (int i = 0; i < 10 * SHARE; i++) {
            calls.remove(call("call " + i, "trunk", HONEST));
            passes(UnacknowledgedCalls.GRACE_NANOS);
        }
        calls.relieve("trunk", false);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void eachTrunkHasItsOwn() {
        for (int i = 0; i < SHARE; i++) {
            call("one " + i, "one", HONEST);
            call("other " + i, "other", HONEST);
        }
        passes(UnacknowledgedCalls.GRACE_NANOS);
        calls.relieve("other", false);
        assertThat(givenUp).hasSize(SHARE).allMatch(name -> name.startsWith("other"));
        call("one more", "one", HONEST);
        assertThat(givenUp).hasSize(SHARE + 1).contains("one 0");
    }

    @Test
    void whoCannotBeRefusedIsNobodyElsesTrouble() {
        calls.add(
                () -> {
                    throw new NumberFormatException();
                },
                new UnacknowledgedCalls.Origin("trunk", FORGED, false),
                1);
        passes(UnacknowledgedCalls.GRACE_NANOS);
        call("second", "trunk", FORGED);
        passes(UnacknowledgedCalls.GRACE_NANOS);
        calls.relieve("trunk", false);
        calls.relieve("trunk", false);
        assertThat(givenUp).containsExactly("second");
    }

    @Test
    void whatIsOverAndRepeatsItsAnswerIsHeldByTheShareAndTakesNoPlace() {
        UnacknowledgedCalls.Call over = call("over", "trunk", FORGED);
        calls.cancelled("over".hashCode());
        calls.repeating(over);
        calls.cancelled("over".hashCode());
        passes(UnacknowledgedCalls.GRACE_NANOS - 1);
        for (int i = 1; i < SHARE; i++) {
            call("call " + i, "trunk", FORGED);
        }
        call("next", "trunk", FORGED);
        assertThat(givenUp).as("its ACK may be on its way").isEmpty();
        passes(1);
        calls.relieve("trunk", false);
        assertThat(givenUp).as("to end it makes no room").isEmpty();
        call("one more", "trunk", FORGED);
        assertThat(givenUp).containsExactly("over");
    }

    @Test
    void nothingOverAConnectionGivesWayToADatagram() {
        var proven = new UnacknowledgedCalls.Origin("trunk", HONEST, true);
        for (int i = 0; i < SHARE; i++) {
            call("connected " + i, proven);
        }
        call("datagram", "trunk", HONEST);
        passes(UnacknowledgedCalls.GRACE_NANOS);
        calls.relieve("trunk", false);
        call("another datagram", "trunk", HONEST);
        assertThat(givenUp).containsExactly("datagram");
        passes(UnacknowledgedCalls.GRACE_NANOS);
        call("one more", proven);
        assertThat(givenUp).startsWith("datagram", "another datagram", "connected 0");
    }
}

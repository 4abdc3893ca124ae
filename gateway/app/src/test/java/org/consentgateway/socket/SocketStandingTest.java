package org.consentgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.socket.twilio.MediaStreams;
import org.consentgateway.target.CallerShown;
import org.junit.jupiter.api.Test;

class SocketStandingTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final SocketStanding standing =
            new SocketStanding(target(), () -> Instant.EPOCH, nanos::get);

    private static SocketTarget target() {
        try {
            return new SocketTarget(
                    "bot",
                    URI.create("wss://bot.example.com/media"),
                    MediaStreams.twilio("AC" + "0".repeat(32)),
                    Map::of,
                    ClientTls.of(List.of(), Optional.empty(), Optional.empty()),
                    new SocketTarget.Patience(LONG, LONG, LONG),
                    new CallerShown.Never(),
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Health health() {
        return standing.state().health();
    }

    @Test
    void whoeverNobodyHasAskedIsCalled() {
        assertThat(health()).isEqualTo(Health.UNKNOWN);
        assertThat(standing.down()).isEmpty();
    }

    @Test
    void whoeverCannotBeConnectedToIsNotCalledUntilItCanBe() {
        standing.unconnected(Failure.REFUSED);
        passes(Duration.ofHours(1));
        assertThat(standing.down()).contains(Failure.REFUSED);
        assertThat(health()).isEqualTo(Health.DOWN);

        standing.connected(Duration.ofMillis(3));
        assertThat(standing.down()).isEmpty();
        assertThat(health()).isEqualTo(Health.UP);
    }

    @Test
    void whereNobodyLooksAnyMoreWhoeverCouldNotBeConnectedToIsCalled() {
        standing.unconnected(Failure.REFUSED);
        standing.watched(false);
        assertThat(standing.down()).isEmpty();
        assertThat(health()).isEqualTo(Health.UNKNOWN);

        standing.unconnected(Failure.REFUSED);
        assertThat(standing.down()).as("by a look that was under way").isEmpty();
        assertThat(health()).isEqualTo(Health.UNKNOWN);

        standing.failedCall(Failure.REFUSED, 0);
        assertThat(standing.down()).as("by a call, for a while").contains(Failure.REFUSED);
        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).isEmpty();

        standing.watched(true);
        standing.unconnected(Failure.REFUSED);
        assertThat(standing.down()).contains(Failure.REFUSED);
    }

    @Test
    void whoeverConnectsAndThenRefusesIsLeftAloneForAWhile() {
        standing.connected(Duration.ofMillis(3));
        standing.failedCall(Failure.UNAUTHORISED, 401);
        standing.connected(Duration.ofMillis(3));
        assertThat(standing.down()).contains(Failure.UNAUTHORISED);
        assertThat(health()).isEqualTo(Health.DOWN);
        assertThat(standing.state().servers().getFirst().status()).isEqualTo(401);

        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).isEmpty();
        standing.failedCall(Failure.UNAUTHORISED, 401);
        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).as("twice as long").contains(Failure.UNAUTHORISED);
        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).isEmpty();

        for (int i = 0; i < 20; i++) {
            standing.failedCall(Failure.UNAUTHORISED, 401);
        }
        passes(SocketStanding.LONGEST_PAUSE);
        assertThat(standing.down()).isEmpty();
        standing.tookCall();
        assertThat(health()).isEqualTo(Health.UP);
        standing.failedCall(Failure.NO_ANSWER, 0);
        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).as("begins anew").isEmpty();
    }

    @Test
    void aCallThatFoundNobodyIsForgottenAsSoonAsAConnectionFindsSomebody() {
        standing.failedCall(Failure.REFUSED, 0);
        assertThat(standing.down()).contains(Failure.REFUSED);
        standing.connected(Duration.ofMillis(3));
        assertThat(standing.down()).isEmpty();
        assertThat(health()).isEqualTo(Health.UP);
    }

    @Test
    void whereNobodyLooksACallFindsOutAfterAPause() {
        standing.failedCall(Failure.REFUSED, 0);
        passes(SocketStanding.FIRST_PAUSE);
        assertThat(standing.down()).isEmpty();
    }
}

package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left for OPTIONS beside a flood of them. */
class SourceRatesTest {
    private static final int FLOOD = 1000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Trunk TRUNK =
            Trunk.trustedWithNothing("trunk", List.of(), List.of(), Numbering.GERMANY);

    private final SourceRates rates = new SourceRates(new Screen.Rates(100, 20), 0);
    private long keys;

    private static SourceRates.Sender by(int port, @Nullable Trunk trunk, boolean proven) {
        var at = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), port);
        return new SourceRates.Sender(at, trunk, proven);
    }

    private static SourceRates.Sender connection(int port) {
        return by(port, TRUNK, true);
    }

    /** No OPTIONS is like another: nobody repeats one over a connection. */
    private boolean asks(SourceRates.Sender sender, long now) {
        return rates.other(sender, 1, now) || rates.options(sender, keys++, now);
    }

    private int flood(SourceRates.Sender sender, long now) {
        int taken = 0;
        for (int i = 0; i < FLOOD; i++) {
            taken += asks(sender, now) ? 1 : 0;
        }
        return taken;
    }

    @BeforeEach
    void floodsByOneConnection() {
        // All that may come at once but what is kept for repetitions, and its own.
        assertThat(flood(connection(1), 0)).isEqualTo(20 - 2 + 1);
    }

    @Test
    void eachConnectionHasOneASecondWhateverOthersSend() {
        assertThat(asks(connection(2), 0)).isTrue();
        assertThat(asks(connection(2), 0)).isFalse();
        assertThat(asks(connection(3), 0)).isTrue();
        for (int second = 1; second <= 10; second++) {
            long now = second * SECOND;
            assertThat(flood(connection(1), now)).isEqualTo(20 - 2 + 1);
            assertThat(asks(connection(2), now)).isTrue();
        }
    }

    @Test
    void whoseAddressIsNotProvenOrNobodysHasNone() {
        flood(by(4, TRUNK, false), 0);
        assertThat(asks(by(5, TRUNK, false), 0)).isFalse();
        flood(by(6, null, true), 0);
        assertThat(asks(by(7, null, true), 0)).isFalse();
    }
}

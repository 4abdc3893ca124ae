package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.consentgateway.media.rtp.SourceLock.Verdict;
import org.junit.jupiter.api.Test;

class SourceLockTest {
    private static final long MS = 1_000_000;
    private static final InetSocketAddress SIGNALLED = at("198.51.100.7", 4000);
    private static final InetSocketAddress OTHER_PORT = at("198.51.100.7", 4010);
    private static final InetSocketAddress TRUNK = at("203.0.113.5", 9000);
    private static final InetSocketAddress STRANGER = at("192.0.2.66", 4000);

    private final SourceLock lock =
            new SourceLock(SIGNALLED, Set.of(TRUNK.getAddress()), SourceLock.PROBATION);
    private int sequence;

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private Verdict next(InetSocketAddress from, long atMillis) {
        return lock.check(from, 1, sequence++ & 0xFFFF, atMillis * MS);
    }

    @Test
    void theSignalledAddressIsBelievedAtOnceAndThenNobodyElse() {
        assertThat(next(SIGNALLED, 0)).isEqualTo(Verdict.ACCEPT);
        assertThat(lock.closed()).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(next(STRANGER, i)).isEqualTo(Verdict.STRANGER);
            assertThat(next(TRUNK, i)).isEqualTo(Verdict.STRANGER);
            assertThat(next(OTHER_PORT, i)).isEqualTo(Verdict.STRANGER);
        }
        assertThat(next(SIGNALLED, 9000)).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aStrangerIsNeverBelievedHoweverLongItSends() {
        for (int i = 0; i < 1000; i++) {
            assertThat(next(STRANGER, 20L * i)).isEqualTo(Verdict.STRANGER);
        }
        assertThat(lock.locked()).isNull();
    }

    @Test
    void aTrunkNetworkIsBelievedAfterFourPacketsInSequence() {
        sequence = 65_533;
        assertThat(next(TRUNK, 0)).isEqualTo(Verdict.PROBATION);
        assertThat(next(TRUNK, 20)).isEqualTo(Verdict.PROBATION);
        assertThat(next(TRUNK, 40)).isEqualTo(Verdict.PROBATION);
        assertThat(next(TRUNK, 60)).isEqualTo(Verdict.ACCEPT);
        assertThat(lock.locked()).isEqualTo(TRUNK);
    }

    @Test
    void aHoleInTheSequenceStartsTheProbationAgain() {
        for (int i = 0; i < 100; i++) {
            sequence += 2;
            assertThat(next(TRUNK, 20L * i)).isEqualTo(Verdict.PROBATION);
        }
    }

    @Test
    void theSignalledAddressStillTakesTheLockFromAnotherOneThatHasNotSettled() {
        for (int i = 0; i < 4; i++) {
            next(TRUNK, 20L * i);
        }
        assertThat(next(SIGNALLED, 100)).isEqualTo(Verdict.ACCEPT);
        assertThat(lock.locked()).isEqualTo(SIGNALLED);
        assertThat(next(TRUNK, 120)).isEqualTo(Verdict.STRANGER);
    }

    @Test
    void anotherSourceThatHasSettledClosesTheLock() {
        for (int i = 0; i < 4 + SourceLock.SETTLED; i++) {
            next(TRUNK, 20L * i);
        }
        assertThat(lock.closed()).isTrue();
        assertThat(next(SIGNALLED, 2000)).isEqualTo(Verdict.STRANGER);
    }

    @Test
    void onlyARenegotiationLetsItLatchOnceMore() {
        next(SIGNALLED, 0);
        InetSocketAddress moved = at("198.51.100.8", 5000);
        assertThat(next(moved, 20)).isEqualTo(Verdict.STRANGER);
        lock.renegotiated(moved, Set.of());
        assertThat(next(SIGNALLED, 30)).isEqualTo(Verdict.ACCEPT);
        assertThat(next(moved, 40)).isEqualTo(Verdict.ACCEPT);
        assertThat(next(SIGNALLED, 60)).isEqualTo(Verdict.STRANGER);
        assertThat(lock.destination()).isEqualTo(moved);
    }

    @Test
    void whereAPeerWasBeforeItMovedSettlesNothingHoweverLongItGoesOn() {
        next(SIGNALLED, 0);
        InetSocketAddress moved = at("198.51.100.8", 5000);
        lock.renegotiated(moved, Set.of());
        for (int i = 0; i < 2 * SourceLock.SETTLED; i++) {
            assertThat(next(SIGNALLED, 20L * i)).isEqualTo(Verdict.ACCEPT);
            assertThat(next(STRANGER, 20L * i)).isEqualTo(Verdict.STRANGER);
        }
        assertThat(lock.closed()).isFalse();
        assertThat(next(moved, 2100)).isEqualTo(Verdict.ACCEPT);
        assertThat(lock.closed()).isTrue();
        assertThat(next(SIGNALLED, 2120)).isEqualTo(Verdict.STRANGER);
    }

    @Test
    void whereAPeerBehindNatWasBeforeItMovedIsSentNothing() {
        InetSocketAddress inside = at("10.0.0.5", 7000);
        InetSocketAddress moved = at("10.0.0.6", 7000);
        var others = Set.of(TRUNK.getAddress());
        var behindNat = new SourceLock(inside, others, SourceLock.PROBATION);
        for (int i = 0; i < 4 + SourceLock.SETTLED; i++) {
            behindNat.check(TRUNK, 1, i, 20L * i * MS);
        }
        behindNat.renegotiated(moved, others);
        assertThat(behindNat.destination()).isEqualTo(moved);
        for (int i = 0; i < SourceLock.SETTLED; i++) {
            behindNat.check(TRUNK, 1, 54 + i, (1080 + 20L * i) * MS);
        }
        assertThat(behindNat.destination()).isEqualTo(moved);

        behindNat.renegotiated(inside, others);
        assertThat(behindNat.destination()).isEqualTo(TRUNK);
    }

    @Test
    void afterARenegotiationAnotherSourceMustWaitUntilTheLockedOneIsSilent() {
        next(SIGNALLED, 0);
        lock.renegotiated(SIGNALLED, Set.of(TRUNK.getAddress()));
        for (int i = 0; i < 20; i++) {
            assertThat(lock.check(TRUNK, 9, i, (10L + 20L * i) * MS)).isEqualTo(Verdict.PROBATION);
            next(SIGNALLED, 20L * i);
        }
        assertThat(lock.check(TRUNK, 9, 20, 2000 * MS)).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void weSendWhereItWasSignalledUnlessThatIsAPrivateAddress() {
        for (int i = 0; i < 4; i++) {
            next(TRUNK, 20L * i);
        }
        assertThat(lock.destination()).isEqualTo(SIGNALLED);

        for (String host : new String[] {"10.1.2.3", "192.168.0.9", "172.20.1.1", "100.64.3.4"}) {
            SourceLock behindNat =
                    new SourceLock(
                            at(host, 7000), Set.of(TRUNK.getAddress()), SourceLock.PROBATION);
            assertThat(behindNat.destination()).isEqualTo(at(host, 7000));
            for (int i = 0; i < 4; i++) {
                behindNat.check(TRUNK, 1, i, 20L * i * MS);
            }
            assertThat(behindNat.destination()).isEqualTo(TRUNK);
        }
    }

    @Test
    void reportsAreThePeersFromItsHostWithAnyPort() {
        next(SIGNALLED, 0);
        assertThat(lock.isPeerHost(SIGNALLED.getAddress())).isTrue();
        assertThat(lock.isPeerHost(TRUNK.getAddress())).isFalse();
        assertThat(lock.isPeerHost(STRANGER.getAddress())).isFalse();
    }
}

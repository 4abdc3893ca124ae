package org.consentgateway.sip.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static final int OCTETS = 1000;

    /** Two come in a millisecond. */
    private static final long EACH_NANOS = 500_000;

    /** Whole packets, each at once; or octets, each when it is its time. */
    private static final class Sender extends InputStream {
        private final int packet;
        private final long begun = System.nanoTime();
        private int taken;
        private int readings;

        Sender(int packet) {
            this.packet = packet;
        }

        @Override
        public int read() {
            throw new IllegalStateException();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (packet == 1) {
                while (come() == taken) {
                    LockSupport.parkNanos(EACH_NANOS / 10);
                }
            }
            int count = Math.min(length, packet == 1 ? come() - taken : packet);
            taken += count;
            readings++;
            return count;
        }

        private int come() {
            return (int) ((System.nanoTime() - begun) / EACH_NANOS);
        }
    }

    @Test
    void aMessageThatComesOctetByOctetIsReadAHundredTimesASecond() throws Exception {
        Sender sender = new Sender(1);
        Pieces pieces = new Pieces(sender);
        byte[] buffer = new byte[2 * OCTETS];
        for (int read = 0; read < OCTETS; ) {
            read += pieces.read(buffer, read, true);
        }
        // Half a second: fifty times, on a machine that stands still fewer.
        assertThat(sender.readings).isLessThan(60);
    }

    @Test
    void whatComesByWholePacketsIsReadAsItComes() throws Exception {
        Sender sender = new Sender(Pieces.FEW_OCTETS);
        Pieces pieces = new Pieces(sender);
        byte[] buffer = new byte[OCTETS];
        int many = 100_000;
        long begun = System.nanoTime();
        for (int i = 0; i < many; i++) {
            assertThat(pieces.read(buffer, 0, true)).isEqualTo(Pieces.FEW_OCTETS);
        }
        assertThat(System.nanoTime() - begun).isLessThan(many * Pieces.BETWEEN_NANOS / 2);
    }

    @Test
    void aNewMessageIsReadAtOnceHoweverLittleCameBefore() throws Exception {
        Sender sender = new Sender(2);
        Pieces pieces = new Pieces(sender);
        byte[] buffer = new byte[OCTETS];
        int many = 10_000;
        long begun = System.nanoTime();
        for (int i = 0; i < many; i++) {
            assertThat(pieces.read(buffer, 0, false)).isEqualTo(2);
        }
        assertThat(System.nanoTime() - begun).isLessThan(many * Pieces.BETWEEN_NANOS / 2);
    }
}

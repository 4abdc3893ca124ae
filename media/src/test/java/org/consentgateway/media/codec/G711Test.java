package org.consentgateway.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.consentgateway.testkit.Law;
import org.junit.jupiter.api.Test;

class G711Test {
    private static final List<G711> LAWS = List.of(G711.PCMA, G711.PCMU);

    @Test
    void knowsTheEndsOfBothLawsAsTheRecommendationTabulatesThem() {
        assertThat(G711.PCMA.toOctet((short) 0)).isEqualTo((byte) 0xD5);
        assertThat(G711.PCMA.toOctet(Short.MAX_VALUE)).isEqualTo((byte) 0xAA);
        assertThat(G711.PCMA.toOctet(Short.MIN_VALUE)).isEqualTo((byte) 0x2A);
        assertThat(G711.PCMU.toOctet((short) 0)).isEqualTo((byte) 0xFF);
        assertThat(G711.PCMU.toOctet(Short.MAX_VALUE)).isEqualTo((byte) 0x80);
        assertThat(G711.PCMU.toOctet(Short.MIN_VALUE)).isEqualTo((byte) 0x00);
        assertThat(G711.PCMA.toLinear((byte) 0xAA)).isEqualTo((short) 32_256);
        assertThat(G711.PCMA.toLinear((byte) 0xD5)).isEqualTo((short) 8);
        assertThat(G711.PCMU.toLinear((byte) 0x80)).isEqualTo((short) 32_124);
        assertThat(G711.PCMU.toLinear((byte) 0x00)).isEqualTo((short) -32_124);
    }

    @Test
    void bothLawsAreThoseThatTheTestkitWroteFromTheRecommendation() {
        byte[] octets = new byte[256];
        for (int octet = 0; octet < 256; octet++) {
            octets[octet] = (byte) octet;
        }
        assertThat(G711.PCMA.decode(octets)).isEqualTo(Law.A.decode(octets));
        assertThat(G711.PCMU.decode(octets)).isEqualTo(Law.MU.decode(octets));
    }

    @Test
    void everyOctetSurvivesDecodingAndEncoding() {
        for (int octet = 0; octet < 256; octet++) {
            byte alaw = (byte) octet;
            assertThat(G711.PCMA.toOctet(G711.PCMA.toLinear(alaw))).isEqualTo(alaw);
            // µ-law has two zeros, and linear samples have one.
            if (octet != 0x7F) {
                assertThat(G711.PCMU.toOctet(G711.PCMU.toLinear(alaw))).isEqualTo(alaw);
            }
        }
    }

    @Test
    void everySampleComesBackWithinOneStep() {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            for (G711 codec : LAWS) {
                int back = codec.toLinear(codec.toOctet((short) sample));
                int step = Math.max(16, Math.abs(sample) / 16);
                assertThat(Math.abs(back - sample)).as("%s %d", codec, sample).isLessThan(step);
            }
        }
    }

    @Test
    void theDirectTablesAreTheNearestOctetsOfTheOtherLaw() {
        for (G711 from : LAWS) {
            G711 to = from == G711.PCMA ? G711.PCMU : G711.PCMA;
            byte[] octets = new byte[256];
            for (int i = 0; i < 256; i++) {
                octets[i] = (byte) i;
            }
            to.translatorFrom(from).translate(ByteBuffer.wrap(octets), 0, 256);
            for (int i = 0; i < 256; i++) {
                int heard = from.toLinear((byte) i);
                int sent = to.toLinear(octets[i]);
                assertThat(Math.abs(heard - sent))
                        .as("%s %02x", from, i)
                        .isLessThanOrEqualTo(Math.max(16, Math.abs(heard) / 24));
            }
        }
    }
}

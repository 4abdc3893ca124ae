package org.consentgateway.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class G711Test {
    @Test
    void knowsTheEndsOfBothLawsAsTheRecommendationTabulatesThem() {
        assertThat(G711.toOctet(Codec.PCMA, (short) 0)).isEqualTo((byte) 0xD5);
        assertThat(G711.toOctet(Codec.PCMA, Short.MAX_VALUE)).isEqualTo((byte) 0xAA);
        assertThat(G711.toOctet(Codec.PCMA, Short.MIN_VALUE)).isEqualTo((byte) 0x2A);
        assertThat(G711.toOctet(Codec.PCMU, (short) 0)).isEqualTo((byte) 0xFF);
        assertThat(G711.toOctet(Codec.PCMU, Short.MAX_VALUE)).isEqualTo((byte) 0x80);
        assertThat(G711.toOctet(Codec.PCMU, Short.MIN_VALUE)).isEqualTo((byte) 0x00);
        assertThat(G711.toLinear(Codec.PCMA, (byte) 0xAA)).isEqualTo((short) 32_256);
        assertThat(G711.toLinear(Codec.PCMA, (byte) 0xD5)).isEqualTo((short) 8);
        assertThat(G711.toLinear(Codec.PCMU, (byte) 0x80)).isEqualTo((short) 32_124);
        assertThat(G711.toLinear(Codec.PCMU, (byte) 0x00)).isEqualTo((short) -32_124);
    }

    @Test
    void everyOctetSurvivesDecodingAndEncoding() {
        for (int octet = 0; octet < 256; octet++) {
            byte alaw = (byte) octet;
            assertThat(G711.toOctet(Codec.PCMA, G711.toLinear(Codec.PCMA, alaw))).isEqualTo(alaw);
            // µ-law has two zeros, and linear samples have one.
            if (octet != 0x7F) {
                assertThat(G711.toOctet(Codec.PCMU, G711.toLinear(Codec.PCMU, alaw)))
                        .isEqualTo(alaw);
            }
        }
    }

    @Test
    void everySampleComesBackWithinOneStep() {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            for (Codec codec : Codec.values()) {
                int back = G711.toLinear(codec, G711.toOctet(codec, (short) sample));
                int step = Math.max(16, Math.abs(sample) / 16);
                assertThat(Math.abs(back - sample)).as("%s %d", codec, sample).isLessThan(step);
            }
        }
    }

    @Test
    void theDirectTablesAreTheNearestOctetsOfTheOtherLaw() {
        for (Codec from : Codec.values()) {
            Codec to = from == Codec.PCMA ? Codec.PCMU : Codec.PCMA;
            byte[] octets = new byte[256];
            for (int i = 0; i < 256; i++) {
                octets[i] = (byte) i;
            }
            G711.translate(from, octets, 0, 256);
            for (int i = 0; i < 256; i++) {
                int heard = G711.toLinear(from, (byte) i);
                int sent = G711.toLinear(to, octets[i]);
                assertThat(Math.abs(heard - sent))
                        .as("%s %02x", from, i)
                        .isLessThanOrEqualTo(Math.max(16, Math.abs(heard) / 24));
            }
        }
    }
}

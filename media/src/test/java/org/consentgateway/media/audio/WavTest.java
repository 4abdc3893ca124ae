package org.consentgateway.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavTest {
    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws Exception {
        Wav wav = new Wav(Tone.sine(440, 100, 12_000), 8000);
        Path file = folder.resolve("tone.wav");
        wav.write(file);
        Wav back = Wav.read(file);
        assertThat(back.rate()).isEqualTo(8000);
        assertThat(back.samples()).isEqualTo(wav.samples());
    }

    @Test
    void aLawFilesAndStereoAreRead() throws Exception {
        short[] tone = Tone.sine(440, 20, 12_000);
        byte[] alaw = G711.PCMA.encode(tone);
        byte[] file = Arrays.copyOf(new Wav(new short[80], 8000).octets(), 44 + 160);
        file[20] = 6;
        file[34] = 8;
        file[40] = (byte) 160;
        System.arraycopy(alaw, 0, file, 44, 160);
        assertThat(Wav.parse(file).samples()).isEqualTo(G711.PCMA.decode(alaw));

        byte[] stereo = new Wav(new short[] {100, 300, -50, 50}, 8000).octets();
        stereo[22] = 2;
        assertThat(Wav.parse(stereo).samples()).containsExactly(200, 0);
    }

    @Test
    void anotherRateBecomesEightKilohertzWithoutFoldingBack() {
        short[] mixed = new short[22_050];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] =
                    (short)
                            (8000 * Math.sin(2 * Math.PI * 1000 * i / 22_050)
                                    + 8000 * Math.sin(2 * Math.PI * 7000 * i / 22_050));
        }
        short[] out = new Wav(mixed, 22_050).at(8000).samples();
        assertThat(out).hasSize(8000);
        short[] middle = Arrays.copyOfRange(out, 800, 7200);
        assertThat(Tone.share(middle, 1000)).isGreaterThan(0.999);
        // 7000 Hz would fold back to 1000 and beat with it; the level shows that it is gone.
        assertThat(Tone.level(middle)).isBetween(5500.0, 5800.0);
    }

    @Test
    void whatIsNoReadableWavSaysWhatItIs() {
        byte[] eight = new Wav(new short[8], 8000).octets();
        eight[34] = 8;
        assertThatThrownBy(() -> Wav.parse(eight))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("8 bits");
        assertThatThrownBy(() -> Wav.parse(new byte[3])).hasMessage("not a WAV file");
        byte[] whole = new Wav(new short[8], 8000).octets();
        assertThatThrownBy(() -> Wav.parse(Arrays.copyOf(whole, 30)))
                .hasMessageContaining("without data");
    }

    @Test
    void aRateThatNobodyUsesIsRefusedAndThoseInUseAreNot() throws Exception {
        for (int rate :
                new int[] {8000, 11_025, 22_050, 44_100, 48_000, 88_200, 192_000, 384_000}) {
            assertThat(Wav.parse(new Wav(new short[1], rate).octets()).rate()).isEqualTo(rate);
        }
        assertThatThrownBy(() -> Wav.parse(new Wav(new short[1], 278_871).octets()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("WAV of 278871 Hz");
    }

    @Test
    void aBrokenFileIsAnIoExceptionAndNothingWorse() {
        Random random = new Random(5);
        byte[] whole = new Wav(new short[40], 8000).octets();
        for (int i = 0; i < 100_000; i++) {
            byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int k = 0; k < 3 && broken.length > 0; k++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Wav.parse(broken).rate()).isPositive();
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining("WAV");
            }
        }
    }
}

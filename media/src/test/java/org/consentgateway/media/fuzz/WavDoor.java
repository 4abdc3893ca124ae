package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.fuzz.Door;

/** A recording that somebody gives us: samples, or a sentence that says what is wrong. */
final class WavDoor implements Door {
    private static final String HEAD = "52494646ffffffff57415645" + "666d742010000000";

    @Override
    public List<byte[]> seeds() {
        String data = "6461746108000000" + "0102030405060708";
        byte[] pcm = Samples.hex(HEAD + "01000100401f0000803e000002001000" + data);
        byte[] stereo = Samples.hex(HEAD + "01000200401f0000007d000004001000" + data);
        byte[] law = Samples.hex(HEAD + "06000100401f0000401f000001000800" + data);
        byte[] listed = Samples.hex(HEAD.substring(0, 24) + "4c495354030000006162630000");
        byte[] both = Arrays.copyOf(listed, listed.length + law.length - 12);
        System.arraycopy(law, 12, both, listed.length, law.length - 12);
        return List.of(pcm, stereo, law, both);
    }

    @Override
    public List<String> words() {
        return List.of("RIFF", "WAVE", "fmt ", "data", "LIST", "\u00ff\u00fe", "fact");
    }

    @Override
    public void takes(byte[] input) {
        try {
            Wav wav = Wav.parse(input);
            assertThat(wav.samples().length).isLessThanOrEqualTo(input.length);
            assertThat(wav.rate()).isPositive();
            assertThat(Wav.parse(wav.octets()).samples()).isEqualTo(wav.samples());
            assertThat(wav.clip()).isNotNull();
        } catch (IOException saysWhat) {
            assertThat(saysWhat).hasMessageContaining("WAV");
        }
    }
}

package org.consentgateway.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandVoiceTest {
    @TempDir Path temp;

    @Test
    void textOutAndLanguageAreFilledInAndNoShellReadsThem() throws IOException {
        Path program = program("printf '%s\\n' \"$@\" > " + temp + "/args; cp \"$2\" \"$3\"");
        Path sound = temp.resolve("sound.wav");
        Files.write(sound, new Wav(Tone.sine(440, 100, 9000), 8000).octets());
        var voice =
                new CommandVoice(
                        "studio",
                        program + " 'two words' " + sound + " {out} {text} {locale}",
                        language -> language + "-AT");

        Wav said = voice.say("de", "Darf ich; rm -rf $HOME? Die eins.");

        assertThat(said.samples()).hasSize(800);
        assertThat(Files.readAllLines(temp.resolve("args")))
                .contains("two words", "Darf ich; rm -rf $HOME? Die eins.", "de-AT");
    }

    @Test
    void theRateThatANoticeBearsIsFilledIn() throws IOException {
        Path sound = temp.resolve("sound.wav");
        Files.write(sound, new Wav(Tone.sine(440, 100, 9000), 8000).octets());
        Path program = program("echo \"$1\" >> " + temp + "/rates; cp " + sound + " \"$2\"");
        var voice = new CommandVoice("studio", program + " {rate} {out} {text}", code -> code);

        voice.say("tr", "Evet.");
        voice.say("en", "Yes.");

        assertThat(Files.readAllLines(temp.resolve("rates"))).containsExactly("210", "165");
        assertThat(CommandVoice.PRESETS.get("espeak-ng")).contains("-s {rate}");
    }

    @Test
    void withoutATextInTheCommandItGoesInByStandardInput() throws IOException {
        Path sound = temp.resolve("sound.wav");
        Files.write(sound, new Wav(Tone.sine(440, 100, 9000), 8000).octets());
        Path program = program("cat > " + temp + "/heard; cp " + sound + " \"$1\"");

        new CommandVoice("studio", program + " {out}", code -> code).say("en", "Press one.");

        assertThat(temp.resolve("heard")).hasContent("Press one.");
    }

    @Test
    void whatWentWrongIsSaidInTheProgramsOwnWords() throws IOException {
        Path program = program("echo no such voice >&2; exit 3");
        assertThatThrownBy(() ->
                        new CommandVoice("studio", program + " {out}", code -> code)
                                .say("de", "Ja."))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3: no such voice");
        Path mute = program("true");
        assertThatThrownBy(() ->
                        new CommandVoice("studio", mute + " {out}", code -> code).say("de", "Ja."))
                .hasMessageContaining("wrote nothing");
    }

    @Test
    void aCommandThatWritesNowhereIsRefused() {
        assertThatThrownBy(() -> new CommandVoice("studio", "espeak-ng {text}", code -> code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{out}");
    }

    private Path program(String script) throws IOException {
        Path file = Files.createTempFile(temp, "voice", ".sh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

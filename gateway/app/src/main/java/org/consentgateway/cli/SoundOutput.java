package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Confined to one command. Where the sounds go that somebody wants to hear. */
public final class SoundOutput {
    /** Programs that play a WAV file, in this order. */
    private static final List<List<String>> PLAYERS =
            List.of(
                    List.of("paplay"),
                    List.of("aplay", "-q"),
                    List.of("play", "-q"),
                    List.of("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"));

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Writes WAV files there instead of playing them.")
    private @Nullable Path folder;

    private @Nullable Path into;

    /**
     * Plays it, or writes it to a file.
     *
     * @param name of the file, without its ending
     * @param pcm at 8 kHz
     * @param told before it is heard
     */
    public void put(String name, short[] pcm, String told, PrintWriter out) throws IOException {
        if (into == null) {
            into = folder == null ? Files.createTempDirectory("sounds") : folder;
            Files.createDirectories(into);
        }
        Path file = into.resolve(name + ".wav");
        Files.write(file, new Wav(pcm, PcmFrame.SAMPLE_RATE).octets());
        out.println(told);
        out.flush();
        if (folder != null) {
            out.println("  " + file);
        } else if (!played(file)) {
            out.println("No program here plays sound; it is in " + file);
        }
    }

    private static boolean played(Path file) {
        for (List<String> player : PLAYERS) {
            var command = new ArrayList<>(player);
            command.add(file.toString());
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                if (process.waitFor() == 0) {
                    return true;
                }
            } catch (IOException e) {
                // not installed: the next one
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}

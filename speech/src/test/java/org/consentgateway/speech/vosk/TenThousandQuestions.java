package org.consentgateway.speech.vosk;

import java.util.Arrays;
import java.util.Locale;

/**
 * Asks ten thousand questions of the real recogniser and prints the native memory as it goes: it
 * must not grow. Run by scripts/evaluate-speech --leak.
 */
final class TenThousandQuestions {
    private TenThousandQuestions() {}

    public static void main(String[] args) throws Exception {
        int questions = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        short[] yes = Utterances.of("42-de-ja.wav").samples();
        yes = Arrays.copyOfRange(yes, 0, Math.min(yes.length, 8 * 900));
        var settings = Utterances.shipped();
        try (var recogniser = VoskRecogniser.open(settings, System::nanoTime)) {
            long first = 0;
            long last = 0;
            for (int done = 0; done < questions; done += 500) {
                VoskRecogniserTest.ask(recogniser, yes, 500);
                last = NativeMemory.usedKilobytes();
                first = done == 500 ? last : first;
                System.out.printf(
                        Locale.ROOT, "%6d questions  native %6.1f MB%n", done + 500, last / 1024.0);
            }
            System.out.printf(
                    Locale.ROOT,
                    "growth after the first thousand: %.1f MB%n",
                    (last - first) / 1024.0);
            if (last - first > 30_000) {
                System.exit(1);
            }
        }
    }
}

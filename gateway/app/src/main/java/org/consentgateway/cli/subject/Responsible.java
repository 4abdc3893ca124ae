package org.consentgateway.cli.subject;

import java.io.IOException;
import java.util.regex.Pattern;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import picocli.CommandLine.Option;

/** Confined to the main thread. Who answers, and why: options of a command. */
final class Responsible {
    /** + or 0, then at least six digits, however they are set apart. */
    private static final Pattern TELEPHONE =
            Pattern.compile("(?<![0-9])[+0][ ()/-]*(?:[0-9][ ()/-]*){6}");

    @Option(
            names = "--who",
            required = true,
            paramLabel = "NAME",
            description = "Who decides: your name. It is recorded.")
    private String who = "";

    @Option(
            names = "--ground",
            required = true,
            paramLabel = "TEXT",
            description = "Why, and how you made sure who asks. It is recorded.")
    private String ground = "";

    Answer answer() throws IOException {
        return answer(who, ground);
    }

    static Answer answer(String who, String ground) throws IOException {
        try {
            return new Answer(namesNobody(who), namesNobody(ground));
        } catch (IllegalArgumentException e) {
            throw new IOException("--who and --ground need words", e);
        }
    }

    /** It outlives the erasure of the one it is about. */
    static String namesNobody(String text) throws IOException {
        if (TELEPHONE.matcher(text).find()) {
            throw new IOException(
                    "this looks like a telephone number, and an answer stays when all else of the"
                            + " caller is erased: say it without the number");
        }
        return text.strip();
    }
}

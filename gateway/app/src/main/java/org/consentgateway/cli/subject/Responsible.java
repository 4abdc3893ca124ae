package org.consentgateway.cli.subject;

import java.io.IOException;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.proof.desk.NamesNobody;
import picocli.CommandLine.Option;

/** Confined to the main thread. Who answers, and why: options of a command. */
final class Responsible {
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
        if (!NamesNobody.isTrueOf(text)) {
            throw new IOException(
                    "this looks like a telephone number, and an answer stays when all else of the"
                            + " caller is erased: say it "
                            + NamesNobody.IN_WORDS);
        }
        return text.strip();
    }
}

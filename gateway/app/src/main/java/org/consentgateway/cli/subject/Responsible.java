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

    /** Who looks, or decides. */
    static String person(String who) throws IOException {
        return needed(who, "--who needs your name");
    }

    /** Why it is done. */
    static String reason(String ground) throws IOException {
        return needed(ground, "--ground needs words");
    }

    private static String needed(String text, String otherwise) throws IOException {
        String said = namesNobody(text);
        if (said.isEmpty()) {
            throw new IOException(otherwise);
        }
        return said;
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

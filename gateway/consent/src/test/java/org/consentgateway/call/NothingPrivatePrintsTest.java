package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.Subject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller is and said is in the record, and in no string. */
class NothingPrivatePrintsTest {
    private static final String SECRET = "geheim";

    static Stream<Object> holders() {
        var words = new SpokenWords(SECRET);
        var facts = new TestWorld().knownCaller();
        var world = new TestWorld();
        Tape tape = world.call(LADDER, SAYS_YES, SAYS_YES, KEY_2);
        return Stream.of(
                new Subject(SECRET),
                words,
                new Reply.Spoken(Meaning.AGREE, words, 1, 300, false, Duration.ZERO),
                new Reply.Key('7', Meaning.AGREE, false, Duration.ZERO),
                new Evidence(
                        "question.assistant",
                        "basis",
                        1,
                        Evidence.Result.AGREED,
                        Method.BOTH,
                        '7',
                        words,
                        1,
                        "",
                        Duration.ZERO),
                facts,
                tape.outcome(),
                List.copyOf(world.store.log()));
    }

    @ParameterizedTest
    @MethodSource("holders")
    void noStringShowsTheCallerTheKeyOrTheWords(Object holder) {
        assertThat(holder.toString())
                .doesNotContain(SECRET)
                .doesNotContain("jawohl")
                .doesNotContain(CALLER.pseudonym() + "]")
                .doesNotContain("'7'")
                .doesNotContain("digit=")
                .doesNotContain("key=");
    }
}

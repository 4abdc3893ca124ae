package org.consentgateway.proof.desk;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.proof.RequestAnswers;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.StoredRequests.Found;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. How people answer requests of callers by other systems than the command line: the
 * same store, and one answer at a time whoever gives it (Art. 12 DSGVO).
 */
public final class OperatorAnswers {
    /** Of those that were answered; older ones the command line shows. */
    private static final int MOST_ANSWERED = 200;

    /** What finds all of a caller whom a request names under earlier keys alone. */
    private static final String BY_NUMBER =
            StoredRequests.RENAMED
                    + ": approve it by scripts/gateway subject requests approve, with --number";

    /** The same of what was approved. */
    private static final String EXPORTED =
            StoredRequests.RENAMED + ": write it by scripts/gateway subject export";

    private final StoredRequests requests;

    public OperatorAnswers(StoredRequests requests) {
        this.requests = requests;
    }

    /** What came of an answer. */
    public sealed interface Result {
        /**
         * @param erased entries whose content is gone
         * @param toTell holders whom a person has to tell (Art. 19 DSGVO)
         */
        record Done(int erased, int toTell) implements Result {}

        /**
         * @param why in a sentence
         */
        record NotNow(String why) implements Result {}

        record Unknown() implements Result {}
    }

    /** What is handed over to whoever asked for access. */
    public sealed interface Handing {
        record Over(StoredRequests.Handed handed) implements Handing {}

        /**
         * @param why in a sentence
         */
        record Refused(String why) implements Handing {}

        /** There is no such request, or it was refused, or it is for erasure. */
        record Nothing() implements Handing {}
    }

    /**
     * What somebody answers.
     *
     * @param by their name
     * @param ground why, and how it was made sure who asks
     */
    public record Given(UUID request, Instant at, String by, String ground) {
        Answer answer() {
            return new Answer(by, ground);
        }
    }

    /** Whether call detail records name callers, beside what is erased and handed over here. */
    public boolean callsAreNamed() {
        return !requests.callRecords().isEmpty();
    }

    /** Those that wait, the soonest due first; behind them those that were answered last. */
    public List<SeenRequest> all(Instant now) throws IOException {
        List<SeenRequest> seen =
                requests.all().stream().map(found -> SeenRequest.of(found, now)).toList();
        Comparator<SeenRequest> newest = Comparator.comparing(OperatorAnswers::answeredAt);
        return java.util.stream.Stream.concat(
                        seen.stream()
                                .filter(each -> each.state().waits())
                                .sorted(Comparator.comparing(SeenRequest::due)),
                        seen.stream()
                                .filter(each -> !each.state().waits())
                                .sorted(newest.reversed())
                                .limit(MOST_ANSWERED))
                .toList();
    }

    private static Instant answeredAt(SeenRequest request) {
        SeenRequest.Step answered = request.answered();
        return answered == null ? request.asked() : answered.at();
    }

    private Optional<Found> find(UUID id) throws IOException {
        return requests.all().stream().filter(each -> each.asked().id().equals(id)).findFirst();
    }

    public Result refuse(Given given) throws IOException {
        return onOpen(
                given,
                request -> {
                    requests.answering(answers -> {
                        answers.refuse(request, given.answer());
                        return request;
                    });
                    return new Result.Done(0, 0);
                });
    }

    /** Takes the two further months of Art. 12(3) DSGVO, once, and while the first is not over. */
    public Result extend(Given given) throws IOException {
        Found found = find(given.request()).orElse(null);
        if (found != null && found.extended() != null) {
            return new Result.NotNow("its time was extended before");
        }
        return onOpen(given, request -> extend(request, given));
    }

    private Result extend(Opened request, Given given) throws IOException {
        if (request.overdue(given.at())) {
            return new Result.NotNow(
                    "it is overdue: the person had to be told of more time within the first");
        }
        Optional<Instant> due = requests.extended(request.at());
        if (due.isEmpty()) {
            return new Result.NotNow(
                    "a law binds that gives no more time: see answer-within of the profiles");
        }
        requests.answering(answers -> {
            answers.extend(request, given.answer(), due.get());
            return request;
        });
        return new Result.Done(0, 0);
    }

    /**
     * Approves, and with that erases what was asked to be erased; access is handed over by {@link
     * #handed}.
     *
     * @param proofLaw under which the proof of all consents is kept; null where it is not
     */
    public Result approve(Given given, @Nullable String proofLaw) throws IOException {
        Found found = find(given.request()).orElse(null);
        if (found != null && found.awaitsCallBack()) {
            return new Result.NotNow("it waits for the call back that confirms it");
        }
        if (found != null && found.waits() && isRenamed(found)) {
            return new Result.NotNow(BY_NUMBER);
        }
        if (found != null && found.unfinished()) {
            return finish(found);
        }
        return onOpen(given, request -> approve(request, given.answer(), proofLaw));
    }

    private boolean isRenamed(Found found) throws IOException {
        return found.opened() != null && requests.isRenamed(found.opened());
    }

    private Result approve(Opened request, Answer answer, @Nullable String proofLaw)
            throws IOException {
        if (request.kind() == Kind.ACCESS) {
            requests.answering(answers -> {
                answers.approveAccess(request, answer);
                return request;
            });
            return new Result.Done(0, 0);
        }
        return done(
                requests.answering(answers ->
                        answers.approveErasure(request, answer, request.subject(), proofLaw)));
    }

    private Result finish(Found found) throws IOException {
        Opened request = Objects.requireNonNull(found.opened());
        return done(
                requests.answering(answers -> answers.finish(found.asked(), request.subject())));
    }

    private static Result done(RequestAnswers.Erasure erasure) {
        return new Result.Done(erasure.erased(), erasure.toTell());
    }

    /**
     * What is handed over to whoever asked for access, also once more after it was approved: then
     * what was recorded until the approval, since somebody else may have the number by now. Not
     * where the keys were rotated since it was asked for: it may have been approved on the command
     * line, for more than is found here.
     *
     * @throws IllegalArgumentException as {@link StoredRequests#handed} says
     */
    public Handing handed(UUID request, StoredRequests.Part part, Instant now) throws IOException {
        Found found = find(request).orElse(null);
        if (found == null || found.opened() == null) {
            return new Handing.Nothing();
        }
        boolean wanted =
                !found.awaitsCallBack()
                        && found.opened().kind() == Kind.ACCESS
                        && (found.answered() == null || found.answered() instanceof Approved);
        if (!wanted) {
            return new Handing.Nothing();
        }
        if (isRenamed(found)) {
            return new Handing.Refused(found.waits() ? BY_NUMBER : EXPORTED);
        }
        Instant until = found.answered() == null ? now : found.answered().at();
        return new Handing.Over(requests.handed(found.opened().subject(), until, now, part));
    }

    private interface ToAnswer {
        Result with(Opened request) throws IOException;
    }

    private Result onOpen(Given given, ToAnswer answering) throws IOException {
        Found found = find(given.request()).orElse(null);
        if (found == null) {
            return new Result.Unknown();
        }
        if (found.answered() != null || found.opened() == null) {
            return new Result.NotNow("it was answered before");
        }
        try {
            return answering.with(found.opened());
        } catch (RequestAnswers.NotAnswerable e) {
            return new Result.NotNow(String.valueOf(e.getMessage()));
        }
    }
}

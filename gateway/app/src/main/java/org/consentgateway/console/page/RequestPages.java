package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.request.WrittenNumber;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/**
 * Thread-safe. What callers want of people, and by when: access and erasure, to be called back, to
 * complain. It is taken down, answered and handed over here.
 */
public final class RequestPages implements ConsolePages {
    private static final String PATH = ConsoleSection.REQUESTS.path();
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final InstantSource clock;

    public RequestPages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(PATH, guard.page(ConsoleSection.REQUESTS.scope(), this::show));
        routes.get(
                PATH + "/{id}/answer",
                guard.page(ApiScope.SUBJECTS_EXPORT, RequestPages::handOver));
        routes.post(PATH + "/open", guard.page(ApiScope.REQUESTS_WRITE, RequestPages::open));
        for (String each : new String[] {"approval", "refusal", "extension"}) {
            routes.post(
                    PATH + "/" + each,
                    guard.page(ApiScope.REQUESTS_ANSWER, visit -> answer(visit, each)));
        }
        for (String each : new String[] {"callbacks", "complaints"}) {
            routes.post(
                    PATH + "/" + each,
                    guard.page(ApiScope.TASKS_WRITE, visit -> close(visit, each)));
        }
    }

    private void show(Visit visit) {
        JsonNode requests = visit.api().get(visit.session(), "/v1/requests");
        JsonNode callBacks = visit.api().get(visit.session(), "/v1/callbacks");
        JsonNode complaints = visit.api().get(visit.session(), "/v1/complaints");
        visit.show(
                ConsoleSection.REQUESTS,
                "requests",
                RequestsView.of(
                        new RequestsView.Told(requests, callBacks, complaints),
                        visit,
                        clock.instant()));
    }

    private static void open(Visit visit) {
        ObjectNode body =
                body(visit)
                        .put("number", WrittenNumber.e164(visit.form("number")))
                        .put("kind", visit.form("kind"))
                        .put("channel", visit.form("channel"));
        if (!visit.form("received").isEmpty()) {
            body.put("received", visit.form("received"));
        }
        done(visit, "/v1/requests", body, "open");
    }

    /** Who has signed in did it. */
    private static ObjectNode body(Visit visit) {
        return JsonNodeFactory.instance.objectNode().put("by", visit.session().user().person());
    }

    private static void answer(Visit visit, String what) {
        String id = known(visit.form("request"));
        ObjectNode body = body(visit).put("ground", sentence(visit.form("ground")));
        String law = sentence(visit.form("keep"));
        if (what.equals("approval") && !law.isEmpty()) {
            body.put("keep_proof", law);
        }
        done(visit, "/v1/requests/" + id + "/" + what, body, what);
    }

    private static void close(Visit visit, String tasks) {
        String id = known(visit.form("task"));
        ObjectNode body = body(visit).put("result", sentence(visit.form("result")));
        done(visit, "/v1/" + tasks + "/" + id + "/closing", body, tasks);
    }

    private static void done(Visit visit, String path, ObjectNode body, String what) {
        visit.change(ConsoleSection.REQUESTS, path, body)
                .ifPresent(said -> told(visit, said, what));
    }

    private static void told(Visit visit, JsonNode said, String what) {
        String holders = said.path("holders_to_tell").asInt() > 0 ? "&holders=yes" : "";
        String calls = said.path("call_records").asBoolean() ? "&calls=yes" : "";
        visit.context().redirect(PATH + "?done=" + what + holders + calls, HttpStatus.SEE_OTHER);
    }

    /** A field of several lines is one sentence in the log. */
    private static String sentence(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String known(String id) {
        if (!ID.matcher(id).matches()) {
            throw new ApiRefused(404, "");
        }
        return id;
    }

    private static void handOver(Visit visit) {
        String path = "/v1/requests/" + known(visit.context().pathParam("id")) + "/answer";
        JsonNode first = visit.api().get(visit.session(), path);
        visit.context()
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"answer-"
                                + visit.context().pathParam("id")
                                + ".zip\"")
                .contentType("application/zip");
        try {
            AnswerArchive.write(
                    first,
                    cursor -> visit.api().get(visit.session(), path + "?cursor=" + cursor),
                    visit.words(),
                    time -> LockSupport.parkNanos(time.toNanos()),
                    visit.context().outputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("whoever asked for it has gone", e);
        }
    }
}

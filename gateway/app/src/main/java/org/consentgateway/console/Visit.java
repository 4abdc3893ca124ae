package org.consentgateway.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Confined to the thread that serves it. A request of somebody who has signed in and may. */
public record Visit(
        Context context, Session session, PageWords words, Templates templates, ConsoleApi api) {

    public String form(String name) {
        return Objects.requireNonNullElse(context.formParam(name), "").strip();
    }

    /**
     * Does something once. Where it may be done or not, the form is shown again, with all that was
     * sent: whoever sends it again gets the answer of the first, and what is told with that.
     *
     * @return what the API says of it; empty where the form is shown again
     * @throws ApiRefused where it is certainly not done
     */
    public Optional<JsonNode> change(ConsoleSection section, String path, ObjectNode body) {
        try {
            return Optional.of(api.change(session, path, body, form("once")));
        } catch (ApiRefused refused) {
            if (!refused.isUncertain()) {
                throw refused;
            }
            context.status(refused.status());
            show(section, "repeated-form", RepeatedForm.of(context));
            return Optional.empty();
        }
    }

    public void show(ConsoleSection section, String template, Object page) {
        html(
                templates.render(
                        template,
                        Map.of("frame", Frame.of(words, session, section), "page", page)));
    }

    /** A page that is no section of its own. */
    public void show(String title, String path, String template, Object page) {
        html(
                templates.render(
                        template,
                        Map.of("frame", Frame.of(words, session, title, path), "page", page)));
    }

    /** The part of a page that is kept up to date. */
    public String region(String template, Object page) {
        return templates.render(template, Map.of("words", words, "page", page));
    }

    private void html(String text) {
        context.contentType(ConsoleServer.HTML).result(text);
    }
}

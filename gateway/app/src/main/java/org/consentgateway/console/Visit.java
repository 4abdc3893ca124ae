package org.consentgateway.console;

import io.javalin.http.Context;
import java.util.Map;
import java.util.Objects;

/** Confined to the thread that serves it. A request of somebody who has signed in and may. */
public record Visit(
        Context context, Session session, PageWords words, Templates templates, ConsoleApi api) {

    public String form(String name) {
        return Objects.requireNonNullElse(context.formParam(name), "").strip();
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

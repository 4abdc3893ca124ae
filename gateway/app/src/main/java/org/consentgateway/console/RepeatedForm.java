package org.consentgateway.console;

import io.javalin.http.Context;
import java.util.List;

/**
 * Immutable. A form that is to be sent again, with all that was sent: it is the same request then,
 * and is done once.
 *
 * @param path it is sent to
 */
public record RepeatedForm(String path, List<Field> fields) {

    /** Of what was sent. */
    public record Field(String name, String value) {}

    static RepeatedForm of(Context context) {
        return new RepeatedForm(
                context.path(),
                context.formParamMap().entrySet().stream()
                        .flatMap(each ->
                                each.getValue().stream()
                                        .map(value -> new Field(each.getKey(), value)))
                        .toList());
    }
}

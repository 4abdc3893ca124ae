package org.consentgateway.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Thread-safe. The pages' templates, compiled when the gateway is built (src/main/jte). */
public final class Templates {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    /**
     * @param name such as "today"
     * @param values by the names of its parameters
     */
    public String render(String name, Map<String, Object> values) {
        var output = new StringOutput();
        engine.render(name + ".jte", values, output);
        return output.toString();
    }
}

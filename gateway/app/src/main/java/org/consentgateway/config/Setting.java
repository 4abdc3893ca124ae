package org.consentgateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What one key of the configuration may be. The key is the component's name in kebab case; its type
 * is the component's type. Texts are YAML, read by the same reader as the file.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** A key without a default must stand in the file. */
    String REQUIRED = "<required>";

    /** What things are called that others refer to: a {@link #form}, and in words. */
    String NAME = "[A-Za-z][A-Za-z0-9_-]{0,39}";

    String NAME_IN_WORDS = "a letter, then letters, digits, - or _ (up to 40)";

    /** Taken where the key is absent. Empty means "nothing", for {@code Optional} components. */
    String byDefault() default REQUIRED;

    /** Shown where the value is wrong; the default where this is empty. */
    String example() default "";

    /** Smallest value (whole numbers, durations) or number of items (lists), inclusive. */
    String atLeast() default "";

    /** Largest value, inclusive. */
    String atMost() default "";

    /** A regular expression for the whole text (strings, or each string of a list). */
    String form() default "";

    /** The form in words, to complete "must be …". */
    String formInWords() default "";
}

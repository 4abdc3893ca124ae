package org.consentgateway.testkit.timing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test that costs more of the twelve minutes of each run than it finds in one: {@code
 * scripts/test} without names leaves it to {@code scripts/test -Dnightly}. A module's tests, those
 * that are named, and the laws of a mutation are all run, wherever they stand.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Nightly.Left.class)
public @interface Nightly {
    /** Why it may wait: what it costs, and what in each run would notice most of it. */
    String value();

    /** Leaves it out where all tests are run by day. */
    final class Left implements ExecutionCondition {
        private static final boolean BY_DAY =
                System.getProperty("each.run") != null && System.getProperty("nightly") == null;

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), Nightly.class)
                    .filter(left -> BY_DAY)
                    .map(left -> ConditionEvaluationResult.disabled("-Dnightly: " + left.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it is its time"));
        }
    }
}

/** Breaks the product on purpose, one promise at a time, and expects a law to turn red. */
@NullMarked
package org.consentgateway.testkit.mutation;

import org.jspecify.annotations.NullMarked;

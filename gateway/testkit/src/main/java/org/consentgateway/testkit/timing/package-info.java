/** Tests whose promise is a time, told apart from machines that stall. */
@NullMarked
package org.consentgateway.testkit.timing;

import org.jspecify.annotations.NullMarked;

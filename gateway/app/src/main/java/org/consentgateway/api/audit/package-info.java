/** Over HTTP: what shows that the log is whole, for those who have to believe it. Names nobody. */
@NullMarked
package org.consentgateway.api.audit;

import org.jspecify.annotations.NullMarked;

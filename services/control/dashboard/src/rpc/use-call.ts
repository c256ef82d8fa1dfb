import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { call, type MethodName, type ParamsOf, type ResultOf } from './call.ts';

interface CallOptions<Name extends MethodName> {
  /** Milliseconds until it is asked again, as long as the tab is seen; left out or false: not by itself. */
  readonly pollMs?: (result: ResultOf<Name> | undefined) => number | false;
  /** False: not asked yet. */
  readonly isWanted?: boolean;
  /** Milliseconds for which an answer is not asked for again, wherever it is shown; left out: a moment. */
  readonly freshMs?: number;
}

/** What a method says to these parameters; while others are asked for, the last answer stays on the page. */
export function useCall<Name extends MethodName>(
  method: Name,
  params: ParamsOf<Name>,
  { pollMs, isWanted = true, freshMs }: CallOptions<Name> = {},
): UseQueryResult<ResultOf<Name>> {
  return useQuery<ResultOf<Name>>({
    queryKey: [method, params],
    queryFn: ({ signal }) => call(method, params, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    ...(freshMs === undefined ? {} : { staleTime: freshMs }),
    ...(pollMs === undefined ? {} : { refetchInterval: (query) => pollMs(query.state.data) }),
  });
}

/** Something that a person does. Afterwards everything on the page is asked for anew: an action changes more than its own row. */
export function useAction<Name extends MethodName>(
  method: Name,
): UseMutationResult<ResultOf<Name>, Error, ParamsOf<Name>> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (params: ParamsOf<Name>) => call(method, params),
    onSettled: () => queries.invalidateQueries(),
  });
}

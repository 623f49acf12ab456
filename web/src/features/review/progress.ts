// How far the queue is.
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { ReviewProgress } from "../../api/types";

export const reviewsPath = "/api/v1/reviews";

export const useProgress = () => useQuery({ queryKey: [reviewsPath, "progress"], queryFn: ({ signal }) => get<ReviewProgress>(`${reviewsPath}/progress`, {}, signal) });

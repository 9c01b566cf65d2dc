using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Master.Workers;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>start-task, stop-task, pause-task, resume-task, update-task, check-task.</summary>
internal static class TaskService
{
    private const string RemoveMetaIsOld = "`remove-meta` in task config is deprecated, please use `start-task ... --remove-meta` instead";

    public static async Task<StartTaskResponse> StartAsync(LeaderContext leader, StartTaskRequest request, CancellationToken cancellationToken)
    {
        var plan = await TaskPlan.ReadAsync(leader, request.Task, request.StartTime, cancellationToken);
        var response = new StartTaskResponse();
        try
        {
            response.CheckResult = (await plan.CheckAsync(leader, request.RemoveMeta || plan.Task.RemoveMeta, cancellationToken)).Message();
        }
        catch (TiFerryException e) when (e.Code.Number == CheckErrors.PrecheckFailed.Number)
        {
            response.CheckResult = e.Message;
            return response;
        }
        if (plan.UnknownAmong(request.Sources) is { Count: > 0 } unknown)
        {
            response.Sources.AddRange(unknown.Select(NotInTask));
            return response;
        }

        var task = plan.Select(leader, request.Sources);
        using (leader.Latch.Take("StartTask", task.Name))
        {
            if (request.RemoveMeta || plan.Task.RemoveMeta)
                await RemoveMetaAsync(leader, plan, task, cancellationToken);
            await leader.Scheduler.ChangeAsync(state => TaskChanges.Add(state, task), cancellationToken);
        }
        response.Result = true;
        response.Msg = string.Join('\n', plan.Task.RemoveMeta ? plan.Task.Notices.Prepend(RemoveMetaIsOld) : plan.Task.Notices);
        response.Sources.AddRange(await leader.Orders.FollowAsync(task.SubTasks.Keys, task.Name, _ => Expectation.SubTaskIn(task.Name, Stage.Running), cancellationToken));
        return response;
    }

    public static async Task<UpdateTaskResponse> UpdateAsync(LeaderContext leader, UpdateTaskRequest request, CancellationToken cancellationToken)
    {
        var plan = await TaskPlan.ReadAsync(leader, request.Task, startTime: "", cancellationToken);
        var response = new UpdateTaskResponse();
        try
        {
            response.CheckResult = (await plan.CheckAsync(leader, removesMeta: false, cancellationToken)).Message();
        }
        catch (TiFerryException e) when (e.Code.Number == CheckErrors.PrecheckFailed.Number)
        {
            response.CheckResult = e.Message;
            return response;
        }
        if (plan.UnknownAmong(request.Sources) is { Count: > 0 } unknown)
        {
            response.Sources.AddRange(unknown.Select(NotInTask));
            return response;
        }

        var task = plan.Select(leader, request.Sources);
        using (leader.Latch.Take("UpdateTask", task.Name))
        {
            // The worker knows what a subtask in its present unit takes.
            TaskChanges.Update(leader.State, task);
            foreach (var (source, subTask) in plan.SubTasksOf(task))
                await RequireUpdatableAsync(leader, source, subTask, cancellationToken);
            await leader.Scheduler.ChangeAsync(state => TaskChanges.Update(state, task), cancellationToken);
        }
        response.Result = true;
        response.Msg = string.Join('\n', plan.Task.Notices);
        response.Sources.AddRange(task.SubTasks.Keys.Order(StringComparer.Ordinal).Select(source => new CommonWorkerResponse { Result = true, Source = source, Worker = leader.State.WorkerOf(source) ?? "" }));
        return response;
    }

    public static async Task<OperateTaskResponse> OperateAsync(LeaderContext leader, OperateTaskRequest request, CancellationToken cancellationToken)
    {
        var task = request.Name;
        IReadOnlyList<string> sources = request.Sources.Count > 0 ? [.. request.Sources.Distinct(StringComparer.Ordinal)] : leader.State.SourcesOf(task);
        if (sources.Count == 0)
            throw ServiceErrors.Refused($"task {task} has no source or not exist, please check the task name and status");
        Func<ClusterState, ClusterChange> plan = request.Op switch
        {
            TaskOp.Pause => state => TaskChanges.Order(state, Stage.Paused, task, sources),
            TaskOp.Resume => state => TaskChanges.Order(state, Stage.Running, task, sources),
            TaskOp.Delete => state => TaskChanges.Remove(state, task, sources),
            _ => throw ServiceErrors.InvalidOperation(request.Op, "task"),
        };
        using (leader.Latch.Take("OperateTask", task))
            await leader.Scheduler.ChangeAsync(plan, cancellationToken);

        var expectation = request.Op switch
        {
            TaskOp.Pause => Expectation.SubTaskIn(task, Stage.Paused),
            TaskOp.Resume => Expectation.SubTaskIn(task, Stage.Running),
            _ => Expectation.SubTaskGone(task),
        };
        var response = new OperateTaskResponse { Op = request.Op, Result = true };
        response.Sources.AddRange(await leader.Orders.FollowAsync(sources, task, _ => expectation, cancellationToken));
        return response;
    }

    public static async Task<CheckTaskResponse> CheckAsync(LeaderContext leader, CheckTaskRequest request, CancellationToken cancellationToken)
    {
        var plan = await TaskPlan.ReadAsync(leader, request.Task, request.StartTime, cancellationToken);
        var report = await plan.CheckAsync(leader, plan.Task.RemoveMeta, cancellationToken);
        return new CheckTaskResponse { Msg = report.Message(request.ErrCnt, request.WarnCnt), Result = true };
    }

    private static CommonWorkerResponse NotInTask(string source) => new() { Msg = "source not found in task's config", Source = source };

    private static async Task RemoveMetaAsync(LeaderContext leader, TaskPlan plan, NewTask task, CancellationToken cancellationToken)
    {
        if (leader.State.SourcesOf(task.Name) is { Count: > 0 } sources)
            throw SchedulerErrors.SubTasksExist(task.Name, sources);
        await leader.Scheduler.ChangeAsync(state => TaskChanges.ForgetDumpFiles(state, task.Name), cancellationToken);
        await plan.RemoveMetaAsync(leader, cancellationToken);
    }

    private static async Task RequireUpdatableAsync(LeaderContext leader, string source, SubTaskConfig subTask, CancellationToken cancellationToken)
    {
        var worker = leader.State.WorkerOf(source) ?? throw SchedulerErrors.CannotUpdate(subTask.Name, source, "the source has not bound to a worker");
        var request = new CheckSubtasksCanUpdateRequest { SubtaskCfgTomlString = subTask.ToToml() };
        var answer = await leader.Workers.CallAsync(worker, WorkerMethods.CheckSubtasksCanUpdate, request, cancellationToken);
        if (!answer.Success)
            throw SchedulerErrors.CannotUpdate(subTask.Name, source, answer.Msg);
    }
}
